#pragma once

#include "core/station/command_code.h"
#include "ui/model/station_identity.h"

#include <QByteArray>

#include <vector>

namespace enroll::ui {

/// What is printed and laid beside the scanner of one station.
struct CommandCard {
    StationIdentity station;
    station::CommandCodes commands;
    std::vector<enrollment::SlotNumber> slots; ///< those that get a label
};

/// The card as a PDF of A4 pages: first the commands as barcodes, then a label for each slot, to be cut out.
///
/// A narrow bar is 0.38 mm wide, which handheld scanners read from an arm's length. GUI thread.
QByteArray commandCardPdf(const CommandCard& card);

} // namespace enroll::ui
