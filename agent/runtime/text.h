// Names of NTFS are any sequence of 16-bit units. Inside, text is WTF-8: UTF-8 that also carries lone surrogates.
#pragma once
#include <stddef.h>
#include <stdint.h>

// Both give the number of units that the text has in the other form; they write as many as fit.
size_t utf16_of_wtf8(const char *text, size_t length, uint16_t *units, size_t capacity);
size_t wtf8_of_utf16(const uint16_t *units, size_t length, char *text, size_t capacity);
