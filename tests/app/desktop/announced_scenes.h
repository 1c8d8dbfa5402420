#pragma once

#include "tests/app/desktop/language_scenes.h"

namespace enroll::test {

/// What the scan bar says by the rule "device-serial".
void showDevicesThatSay(Eyes& eyes);

} // namespace enroll::test
