#include "emu.h"
const struct front_end gadget_front_end;
