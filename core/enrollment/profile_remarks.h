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
///
/// A key by its template that some device SDKs make and others do not, where neither `device_sdk` names the product's nor the
/// profile keeps the key: no test can tell whether a device without it at kDeviceSdkHandle shows this key, so `ek-not-persistent`
/// comes to each. Nothing where the profile makes that finding an info.
std::vector<std::string> profileRemarks(const ProductProfile& profile);

} // namespace enroll::enrollment
