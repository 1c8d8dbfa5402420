#include "app/enrollctl/commands.h"
#include "app/enrollctl/device_run.h"
#include "app/enrollctl/kept_act.h"
#include "app/enrollctl/label_text.h"
#include "app/enrollctl/operator_option.h"
#include "app/wiring/device.h"
#include "app/wiring/station_files.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/config/slot_range.h"
#include "db/journal/acts.h"
#include "db/journal/sqlite_journal.h"
#include "db/self_check/self_check_file.h"

#include <algorithm>

namespace enroll::app::enrollctl {
namespace {

/// What the station asks for before each test.
Result<void> requireWhatIsAsked(const DeviceRunOptions& options, const config::StationConfig& station)
{
    const auto missing = [&](const std::string& option, const std::string& key) {
        return makeError(StationCode::UsageInvalid,
                         option + ": is missing, and " + station.origins.at(key) + ": " + key + " is true");
    };
    if (station.requireOperator && options.operatorId.empty()) {
        return missing("--operator", "station.require_operator");
    }
    if (station.security.requireSignIn && options.operatorId.empty()) {
        return missing("--operator", "security.require_sign_in");
    }
    if (station.requireBatch && options.batch.empty()) {
        return missing("--batch", "station.require_batch");
    }
    return {};
}

std::string slotText(const config::SlotConfig& slot)
{
    return std::to_string(slot.number) + " (" + shownText(slot.device) + ")";
}

/// Nothing is recorded of a slot that the station does not have, nor of one whose device is another. A station without
/// slots counts its own.
Result<void> requireOwnSlot(const PreparedRun& prepared)
{
    const auto number = prepared.order.slot.value;
    const auto& slots = prepared.station.slots;
    if (number == 0 || slots.empty()) {
        return {};
    }
    if (std::ranges::count(slots, number, &config::SlotConfig::number) == 0) {
        std::vector<std::string> known;
        std::ranges::transform(slots, std::back_inserter(known), &slotText);
        return makeError(StationCode::UsageInvalid, "--slot " + std::to_string(number) + ": no [[slot]] of " +
                                                        prepared.station.file.string() +
                                                        " has this number; configured: " + joined(known) +
                                                        ": name one of them, or leave --slot out");
    }
    const auto isThere = [&](const config::SlotConfig& slot) {
        const auto address = transport::parseDeviceAddress(slot.device);
        return slot.number != number && address.ok() && *address == prepared.address.value();
    };
    const auto other = std::ranges::find_if(slots, isThere);
    if (other == slots.end()) {
        return {};
    }
    const auto own = std::to_string(other->number);
    return makeError(StationCode::UsageInvalid,
                     "--slot " + std::to_string(number) + ": --device is that of slot " + slotText(*other) + ", as " +
                         prepared.station.origins.at("slot." + own + ".device") + " says: give --slot " + own +
                         ", or the device of slot " + std::to_string(number));
}

/// What is said of a test on the command line goes into the journal for ever, and holds to what a scan would.
Result<void> requireWhatFits(const DeviceRunOptions& options, const config::StationConfig& station)
{
    if (!options.operatorId.empty()) {
        TRY(requireKnownOperator("--operator", options.operatorId, station));
    }
    const auto& patterns = station.scanner.patterns;
    constexpr auto kBatch = enrollment::CodeKind::Batch;
    if (!options.batch.empty() && patterns.has(kBatch) && !patterns.fits(kBatch, options.batch)) {
        return makeError(StationCode::UsageInvalid, "--batch: " + quotedText(options.batch) + " does not fit " +
                                                        keyOf(kBatch) + " (" + station.origins.at(keyOf(kBatch)) + ")");
    }
    return {};
}

/// The station's check of itself, where the profile asks for one.
Result<void> requireCheckedStation(const PreparedRun& prepared)
{
    if (!prepared.order.profile.selfCheckMaxAge) {
        return {};
    }
    TRY_ASSIGN(const auto latest, db::self_check::readSelfCheck(prepared.station.dataDirectory));
    return enrollment::requireSelfCheck(prepared.order.profile, latest, prepared.order.software, utcNow());
}

/// The run carries whomever --operator names; whose account named them, this says.
Result<void> keepWhoNamed(const PreparedRun& prepared, const db::journal::JournalOptions& journal)
{
    if (prepared.order.operatorId.empty()) {
        return {};
    }
    auto act = actOfCommand(station::ActKind::OperatorNamed, prepared.station);
    act.operatorId = prepared.order.operatorId;
    act.serialNumber = prepared.order.serialNumber;
    return db::journal::appendActs(journal, std::span{&act, 1});
}

Result<ExitCode> enroll(const DeviceRunOptions& options, Context& context)
{
    TRY_ASSIGN(const auto prepared, prepareDeviceRun(options, context));
    TRY(requireWhatIsAsked(options, prepared.station));
    TRY(requireWhatFits(options, prepared.station));
    TRY(requireOwnSlot(prepared));
    TRY(requireCheckedStation(prepared));
    // Opened before the device: a station that cannot save must not test.
    auto journalOptions = wiring::journalOptions(prepared.station);
    journalOptions.stop = context.stop;
    TRY(keepWhoNamed(prepared, journalOptions));
    TRY_ASSIGN(const auto journal, db::journal::SqliteJournal::open(journalOptions));

    const auto tpm = wiring::makeDeviceTpm(prepared.address, prepared.order.profile, context.stop);
    StepPrinter steps{context.output};
    enrollment::ReadKeys readKeys; // this program tests one device
    // When this returns the run is in the journal; only then is it shown.
    const auto run =
        enrollment::enrollDevice(prepared.order, {*tpm, *journal, *journal, readKeys}, steps, context.stop);
    return showRun(run, context, Kept::InJournal);
}

} // namespace

void addEnrollCommand(const Command& program)
{
    auto options = std::make_shared<DeviceRunOptions>();
    const auto command = program.subcommand("enroll", "Attest one device, record the run, queue its enrollment record");
    command.option("--device", options->device, "Address of the TPM, e.g. tcp://127.0.0.1:2321").required();
    command.option("--serial", options->serial, "Serial number on the device's label").required();
    command.option("--slot", options->slot, "Slot the device sits in, one of the configured")
        .between(1, config::kMostSlots);
    command.option("--batch", options->batch, "Batch the device belongs to").check(&labelFault);
    command
        .option("--operator", options->operatorId, "Who runs the station: an id of people list, never a badge's code")
        .check(&labelFault);
    command.does([options](Context& context) { return enroll(*options, context); });
}

} // namespace enroll::app::enrollctl
