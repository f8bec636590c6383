// Stands for bcdedit.exe: exports a store that holds nothing, and ends on anything else as the tool does.
#include <stdio.h>
#include <string.h>

int main(int count, char **arguments) {
  if (count != 3 || strcmp(arguments[1], "/export") != 0) return 1;
  FILE *file = fopen(arguments[2], "wb");
  if (!file) return 1;
  fputs("regf", file);
  return fclose(file) == 0 ? 0 : 1;
}
