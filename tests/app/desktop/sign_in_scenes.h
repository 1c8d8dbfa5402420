#pragma once

#include "tests/app/desktop/language_scenes.h"

namespace enroll::test {

/// The sign-in screen in every state.
void showSignInScreen(Eyes& eyes);

} // namespace enroll::test
