// Stands for programs that the agent starts. It notes in C:\mend.txt from where it ran, what lay beside it, and its
// arguments as it got them, and says the arguments. `/remove FILE` takes a file away, `/exit CODE` ends with a code,
// `/say COUNT` writes as many bytes, `/wait` starts itself once more and waits with it for ever.
#include <stdio.h>
#include <stdlib.h>
#include <windows.h>
#include <shellapi.h>

static void print(FILE *to, const wchar_t *text) {
  for (; *text; text++)
    if (*text >= 0x20 && *text < 0x7f) fputc(*text, to);
    else fprintf(to, "\\u%04x", *text);
  fputc('\n', to);
}

static int is(int count, wchar_t **words, int at, const wchar_t *word) { return at < count && wcscmp(words[at], word) == 0; }

static void note(int count, wchar_t **words) {
  wchar_t place[MAX_PATH];
  GetModuleFileNameW(NULL, place, MAX_PATH);
  FILE *notes = fopen("C:\\mend.txt", "a");
  if (!notes) return;
  print(notes, place);
  wchar_t *name = wcsrchr(place, L'\\') + 1;
  wcscpy(name, L"*");
  WIN32_FIND_DATAW found;
  HANDLE search = FindFirstFileW(place, &found);
  int files = 0;
  do files += (found.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
  while (FindNextFileW(search, &found));
  FindClose(search);
  fprintf(notes, "%d file%s in its folder\n", files, files == 1 ? "" : "s");
  for (int at = 1; at < count; at++) print(notes, words[at]);
  fclose(notes);
}

static void wait_with_child(const wchar_t *self) {
  wchar_t line[MAX_PATH + 16];
  STARTUPINFOW start = {.cb = sizeof(start)};
  PROCESS_INFORMATION child;
  swprintf(line, MAX_PATH + 16, L"\"%ls\" /wait-alone", self);
  CreateProcessW(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &start, &child);
  Sleep(INFINITE);
}

int main(void) {
  int count;
  wchar_t **words = CommandLineToArgvW(GetCommandLineW(), &count);
  if (is(count, words, 1, L"/wait-alone")) Sleep(INFINITE);
  if (is(count, words, 1, L"/wait")) {
    wchar_t self[MAX_PATH];
    GetModuleFileNameW(NULL, self, MAX_PATH);
    wait_with_child(self);
  }
  if (is(count, words, 1, L"/say")) {
    for (long left = wcstol(words[2], NULL, 10); left > 1; left--) putchar('x');
    putchar('!');
    return 0;
  }
  for (int at = 1; at < count; at++) print(stdout, words[at]);
  if (is(count, words, 1, L"/exit")) return (int)wcstoul(words[2], NULL, 10);
  note(count, words);
  if (is(count, words, 1, L"/remove")) return DeleteFileW(words[2]) ? 0 : 3;
  return 0;
}
