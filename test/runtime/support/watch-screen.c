// Runs a program in a console of 80 by 25 cells without a window, and tells each picture that the console holds: one line
// of hexadecimal UTF-16 units and one attribute byte a cell, row by row. watch-screen [--press-key | --press-while-asking]
// PROGRAM [WORD …]: it presses one key, once, when the picture says "Press any key", or that the server is being asked.
#define UNICODE
#include <stdio.h>
#include <windows.h>

enum { columns = 80, rows = 25, look_ms = 15 };

// In the second process, which has the console: the words behind --inside are the program's.
static const wchar_t inside[] = L" --inside ";
static const struct {
  const wchar_t *flag, *text;
} presses[] = {{L"--press-key ", L"Press any key"}, {L"--press-while-asking ", L"Telling the recovery service what"}};
static const wchar_t *asked;

static DWORD run(wchar_t *line, DWORD flags, HANDLE input, HANDLE output, HANDLE error, void (*meanwhile)(void)) {
  STARTUPINFOW startup = {.cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES};
  startup.hStdInput = input;
  startup.hStdOutput = output;
  startup.hStdError = error;
  PROCESS_INFORMATION process;
  if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, flags, NULL, NULL, &startup, &process)) return 99;
  while (WaitForSingleObject(process.hProcess, look_ms) != WAIT_OBJECT_0)
    if (meanwhile) meanwhile();
  if (meanwhile) meanwhile();
  DWORD code = 99;
  GetExitCodeProcess(process.hProcess, &code);
  return code;
}

static HANDLE screen, keyboard;

static void press_key_where_asked(const CHAR_INFO *cells) {
  static wchar_t text[rows * columns + 1];
  for (int i = 0; i < rows * columns; i++) text[i] = cells[i].Char.UnicodeChar;
  if (!asked || !wcsstr(text, asked)) return;
  asked = NULL;
  INPUT_RECORD key = {.EventType = KEY_EVENT};
  key.Event.KeyEvent = (KEY_EVENT_RECORD){.bKeyDown = TRUE, .wRepeatCount = 1, .wVirtualKeyCode = VK_SPACE};
  key.Event.KeyEvent.uChar.UnicodeChar = L' ';
  DWORD written;
  WriteConsoleInputW(keyboard, &key, 1, &written);
}

static void tell_picture(void) {
  static CHAR_INFO now[rows * columns], before[rows * columns];
  COORD size = {columns, rows}, origin = {0, 0};
  SMALL_RECT area = {0, 0, columns - 1, rows - 1};
  if (!ReadConsoleOutputW(screen, now, size, origin, &area) || memcmp(now, before, sizeof now) == 0) return;
  memcpy(before, now, sizeof now);
  static char line[rows * columns * 6 + 2];
  for (int i = 0; i < rows * columns; i++)
    sprintf(line + i * 6, "%04x%02x", now[i].Char.UnicodeChar, now[i].Attributes & 0xff);
  strcat(line, "\n");
  DWORD written;
  WriteFile(GetStdHandle(STD_ERROR_HANDLE), line, sizeof line - 1, &written, NULL);
  press_key_where_asked(now);
}

static HANDLE open_console(const wchar_t *name) {
  SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
  return CreateFileW(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited, OPEN_EXISTING, 0,
                     NULL);
}

int main(void) {
  wchar_t *line = GetCommandLineW(), *words = wcsstr(line, inside);
  if (!words) {
    static wchar_t again[4096];
    wchar_t *rest = wcschr(line, L' ');
    swprintf(again, 4096, L"C:\\watch-screen.exe%ls%ls", inside, rest ? rest + 1 : L"");
    return (int)run(again, CREATE_NO_WINDOW, NULL, NULL, GetStdHandle(STD_OUTPUT_HANDLE), NULL);
  }
  screen = open_console(L"CONOUT$");
  COORD size = {columns, rows};
  SMALL_RECT one = {0, 0, 0, 0}, window = {0, 0, columns - 1, rows - 1};
  SetConsoleWindowInfo(screen, TRUE, &one);
  SetConsoleScreenBufferSize(screen, size);
  SetConsoleWindowInfo(screen, TRUE, &window);
  keyboard = open_console(L"CONIN$");
  words += wcslen(inside);
  for (size_t i = 0; i < sizeof presses / sizeof *presses; i++) {
    size_t length = wcslen(presses[i].flag);
    if (asked || wcsncmp(words, presses[i].flag, length) != 0) continue;
    asked = presses[i].text;
    words += length;
  }
  return (int)run(words, 0, keyboard, screen, NULL, tell_picture);
}
