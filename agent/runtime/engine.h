// JavaScript: one context without eval, the calls as `native`, and the agent's code from this executable.
#pragma once
#include <wchar.h>

// Runs the agent's code with these arguments (without the program's name) until nothing is left to do; gives the exit
// code.
int run_engine(int count, wchar_t **arguments);
