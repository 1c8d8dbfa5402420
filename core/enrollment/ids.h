#pragma once

#include "core/base/strong_id.h"

namespace enroll::enrollment {

using SerialNumber = StrongId<struct SerialNumberTag>;     ///< what the label under the device says
using RegistrationId = StrongId<struct RegistrationIdTag>; ///< what the provisioning service knows the device by
using RunId = StrongId<struct RunIdTag>;                   ///< UUIDv7 of one attestation run
using StationId = StrongId<struct StationIdTag>;
using OperatorId = StrongId<struct OperatorIdTag>;
using BatchId = StrongId<struct BatchIdTag>;
using DestinationName = StrongId<struct DestinationNameTag>;

/// From 1; 0 means no slot: a run from the command line.
struct SlotNumber {
    int value = 0;
    auto operator<=>(const SlotNumber&) const = default; // NOLINT(modernize-use-nullptr): see error_code.h
};

} // namespace enroll::enrollment
