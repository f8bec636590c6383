// Stands for manage-bde.exe: a volume is locked while its files lie in the folder `sealed`. It takes only documented
// arguments, notes their shape, and opens for one recovery password.
#include <stdio.h>
#include <string.h>
#include <windows.h>

static const char key_id[] = "{6A1D4C7F-0A1B-4C2D-8E3F-0123456789AB}";
static const char password[] = "449053-184151-534754-258467-573254-497750-679415-606650";

static void path_of(char *path, const char *drive, const char *place, const char *name) {
  snprintf(path, MAX_PATH, "%s\\%s%s", drive, place, name);
}

static int is_locked(const char *drive) {
  char sealed[MAX_PATH];
  path_of(sealed, drive, "sealed\\", "Windows");
  return GetFileAttributesA(sealed) != INVALID_FILE_ATTRIBUTES;
}

static void move_all(const char *drive, const char *from, const char *to) {
  char pattern[MAX_PATH], old[MAX_PATH], new[MAX_PATH];
  WIN32_FIND_DATAA found;
  path_of(pattern, drive, from, "*");
  HANDLE search = FindFirstFileA(pattern, &found);
  if (search == INVALID_HANDLE_VALUE) return;
  do {
    if (found.cFileName[0] == '.' || strcmp(found.cFileName, "sealed") == 0) continue;
    path_of(old, drive, from, found.cFileName);
    path_of(new, drive, to, found.cFileName);
    MoveFileA(old, new);
  } while (FindNextFileA(search, &found));
  FindClose(search);
}

static int print_status(const char *drive) {
  int locked = is_locked(drive);
  printf("BitLocker: 10.0.26100\n\nVolume %s []\n[x]\n\n", drive);
  printf("    Size:                 %s\n    BitLocker Version:    2.0\n", locked ? "Unknown GB" : "475.83 GB");
  printf("    Conversion Status:    %s\n", locked ? "Unknown" : "Fully Encrypted");
  printf("    Percentage Encrypted: %s\n", locked ? "Unknown%" : "100.0%");
  printf("    Lock Status:          %s\n", locked ? "Locked" : "Unlocked");
  return 0;
}

static int is(int count, char **arguments, int at, const char *word) {
  return at < count && strcmp(arguments[at], word) == 0;
}

int main(int count, char **arguments) {
  FILE *file = fopen("C:\\manage-bde.txt", "a");
  for (int i = 1; file && i < count; i++)
    fprintf(file, "%s%c", strcmp(arguments[i], password) == 0 ? "PASSWORD" : arguments[i], i + 1 < count ? ' ' : '\n');
  if (file) fclose(file);
  if (count >= 3 && is(count, arguments, 1, "-status")) return print_status(arguments[2]);
  if (count == 6 && is(count, arguments, 1, "-protectors") && is(count, arguments, 2, "-get") &&
      is(count, arguments, 4, "-Type") && is(count, arguments, 5, "RecoveryPassword")) {
    printf("\nVolume %s []\n\n    x:\n      ID: %s\n", arguments[3], key_id);
    if (!is_locked(arguments[3])) printf("      x:\n        %s\n", password);
    return 0;
  }
  if (count == 5 && is(count, arguments, 1, "-unlock") && is(count, arguments, 3, "-RecoveryPassword")) {
    if (!is(count, arguments, 4, password)) return -1;
    move_all(arguments[2], "sealed\\", "");
    return 0;
  }
  if (count == 4 && is(count, arguments, 1, "-lock") && is(count, arguments, 3, "-ForceDismount")) {
    move_all(arguments[2], "", "sealed\\");
    return 0;
  }
  printf("ERROR\n");
  return -1;
}
