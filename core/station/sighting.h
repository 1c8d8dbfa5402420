#pragma once

#include "core/enrollment/ids.h"

#include <concepts>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

namespace enroll::station {

/// What a question to a slot found there.
struct Sighting {
    bool present; ///< a device answers
    /// What the device says that its serial number is, if it was asked and says one of the product. A claim.
    std::optional<enrollment::SerialNumber> says;
    /// What it says in place of one; empty: nothing. Foreign text: what is shown of it goes through printableText().
    std::string unfit = {};

    template <std::same_as<bool> Present>
    Sighting(Present isPresent, // NOLINT(google-explicit-constructor): most questions are about presence alone
             std::optional<enrollment::SerialNumber> serial = {})
        : present(isPresent), says(std::move(serial))
    {}
    bool operator==(const Sighting&) const = default;
};

/// Of the slots of which something is certain.
using Sightings = std::map<enrollment::SlotNumber, Sighting>;
/// Those of which nothing was certain for long enough to be told: LookPace::isUnclear().
using UnclearSlots = std::set<enrollment::SlotNumber>;

} // namespace enroll::station
