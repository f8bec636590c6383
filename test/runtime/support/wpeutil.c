// Stands for wpeutil.exe of the recovery environment: writes down what it was asked for.
#include <stdio.h>

int main(int count, char **arguments) {
  FILE *file = fopen("C:\\wpeutil.txt", "a");
  for (int i = 1; file && i < count; i++) fprintf(file, "%s\n", arguments[i]);
  return file && fclose(file) == 0 ? 0 : 1;
}
