#pragma once

#include "ui/run/tile_content.h"

#include <vector>

namespace enroll::test {

/// Runs as the use case would return them, for looking at tiles. Invented; never part of the product.
enrollment::AttestationRun sampleRun(Outcome outcome, std::optional<ErrorCode> code, const std::string& serial);

/// The record of sampleRun(), in \p state at its only destination, which may have said \p code.
enrollment::RecordSummary recordIn(enrollment::RecordState state, const std::string& code = {});

/// A slot that shows \p run again after a restart, three hours after it began.
station::SlotState restored(enrollment::AttestationRun run);

/// One state of every kind a tile can be in.
std::vector<station::SlotState> sampleStates(std::chrono::steady_clock::time_point now);

} // namespace enroll::test
