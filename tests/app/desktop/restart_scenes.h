#pragma once

#include "tests/app/desktop/language_scenes.h"

namespace enroll::test {

/// What the scan bar says of slots that show a test from before the program started.
void showAfterRestart(Eyes& eyes);

} // namespace enroll::test
