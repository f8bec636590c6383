#include "keys.h"
#include <windows.h>

static int pressed;

int is_key_pressed(void) {
  HANDLE input = GetStdHandle(STD_INPUT_HANDLE);
  INPUT_RECORD records[16];
  DWORD mode, got, ready = 0;
  if (pressed || !GetConsoleMode(input, &mode)) return pressed;
  while (!pressed && GetNumberOfConsoleInputEvents(input, &ready) && ready > 0) {
    if (!ReadConsoleInputW(input, records, 16, &got)) break;
    for (DWORD i = 0; i < got; i++)
      if (records[i].EventType == KEY_EVENT && records[i].Event.KeyEvent.bKeyDown) pressed = 1;
  }
  return pressed;
}

int take_key(void) {
  int was_pressed = is_key_pressed();
  pressed = 0;
  return was_pressed;
}
