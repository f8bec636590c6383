#pragma once
// Turns on what SYSTEM and administrators have but do not use unasked: reading and writing past access lists, and
// restarting. Where one cannot be had, the call that needs it fails and says so.
void use_privileges(void);
