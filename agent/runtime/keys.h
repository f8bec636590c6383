// Whether somebody pressed a key in the console that this process reads from.
#pragma once

// True from the moment a key went down until somebody takes it.
int is_key_pressed(void);
int take_key(void);
