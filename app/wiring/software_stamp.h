#pragma once

#include "core/enrollment/attestation_run.h"

namespace enroll::app::wiring {

/// The version and build that go into run documents.
enrollment::SoftwareStamp softwareStamp();

} // namespace enroll::app::wiring
