#pragma once

#include "tests/app/desktop/language_scenes.h"

namespace enroll::test {

/// The page on which a screen is measured, with everything that it says.
void showRuler(Eyes& eyes);

} // namespace enroll::test
