// A command line that Windows programs take apart into exactly the given arguments.
#pragma once
#include <stddef.h>
#include <wchar.h>

// The number of units the line has, without the ending zero; writes as many as fit.
size_t write_command_line(const wchar_t *const *arguments, size_t count, wchar_t *line, size_t capacity);
