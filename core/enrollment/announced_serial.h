#pragma once

#include "core/enrollment/product_profile.h"

#include <optional>
#include <string>

namespace enroll::enrollment {

/// Whether a device is asked its serial number during its test. Asking takes a command twice.
enum class Announcement {
    NotAsked,
    Required, ///< it must say the serial number of its order, at the beginning and at the end
};

/// Whether \p said is the serial number that a device under test should have. Pure.
/// \param said  DeviceTpm::announcedSerial()
/// \par Errors   D-146 (it says none), D-147 (what it says is no serial number of the product), D-145 (it says another
///               one); the subject of both is what it says
Result<void> requireAnnounced(const std::optional<std::string>& said, const SerialNumber& serial,
                              const ProductProfile& profile);

} // namespace enroll::enrollment
