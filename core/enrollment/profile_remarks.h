#pragma once

#include "core/enrollment/product_profile.h"

#include <string>
#include <vector>

namespace enroll::enrollment {

/// What is right in \p profile, and may not be meant: English sentences for whoever wrote it. None of them keeps a station from
/// testing.
///
/// A key that no device SDK makes, and that belongs at a handle at which none looks: by `ek-not-where-sdks-look`, which weighs
/// what `ek-not-persistent` does unless it is set, every device that has it there is held or fails; where the profile keeps the
/// key there, every device but one that has it where device SDKs look.
std::vector<std::string> profileRemarks(const ProductProfile& profile);

} // namespace enroll::enrollment
