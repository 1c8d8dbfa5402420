#pragma once

#include "tests/app/desktop/language_scenes.h"

namespace enroll::test {

/// What the scan bar says of slots that show a test from before the program started.
void showAfterRestart(Eyes& eyes);

/// What a tile says while the journal cannot be searched, and a detail of a result from before the program started.
void showUnsearched(Eyes& eyes);

} // namespace enroll::test
