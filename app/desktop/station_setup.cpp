#include "app/desktop/station_setup.h"

#include "app/desktop/badge_reader.h"
#include "app/self_check/self_check.h"
#include "app/wiring/device.h"
#include "app/wiring/software_stamp.h"
#include "app/wiring/station_check.h"
#include "app/wiring/station_files.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/without_exceptions.h"
#include "core/base/written_text.h"
#include "db/journal/chain_records.h"
#include "db/journal/open_journal.h"
#include "db/journal/sqlite_journal.h"

#include <algorithm>

namespace enroll::app::desktop {
namespace {

using db::journal::SqliteJournal;

Result<station::JournalPorts> openJournalPorts(const db::journal::JournalOptions& options,
                                               const std::shared_ptr<db::journal::ChainRecords>& records)
{
    TRY_ASSIGN(const std::shared_ptr<SqliteJournal> journal, SqliteJournal::open(options, records));
    return station::JournalPorts{journal, journal};
}

station::DeviceTpmFactory deviceOpener(const transport::AgentFiles& files)
{
    return [files](const enrollment::EnrollmentOrder& order,
                   const std::stop_token& stop) -> Result<std::unique_ptr<attestation::DeviceTpm>> {
        TRY_ASSIGN(const auto address, wiring::requireAllowedAddress(order.device, order.profile, files));
        return wiring::makeDeviceTpm(address, order.profile, stop);
    };
}

/// None where no slot senses its device.
station::PresenceProbe presenceProbe(const StationSetup& setup, const ui::RunSetup& run)
{
    using enum enrollment::PairingRule;
    const bool asks = run.pairing == DeviceSerial;
    if (!asks && run.pairing != Insert && run.start.rule() == enrollment::StartRule::Key) {
        return {};
    }
    return [devices = run.devices, profile = setup.profile, files = setup.config.agent,
            asks](enrollment::SlotNumber slot, const std::stop_token& stop) -> std::optional<station::Sighting> {
        const auto address = wiring::requireAllowedAddress(devices.at(slot), profile, files);
        if (!address.ok()) {
            return std::nullopt;
        }
        return asks ? wiring::deviceSays(*address, profile, stop) : wiring::deviceAnswers(*address, stop);
    };
}

Result<void> requireUsableSlots(const config::StationConfig& config, const enrollment::ProductProfile& profile)
{
    TRY(wiring::requireSlots(config));
    for (const auto& slot : config.slots) {
        TRY(wiring::requireUsableSlot(config, slot, profile));
    }
    return {};
}

/// Drops what was shown by a slot that is gone, or that is at another address now: there is another device.
void dropOthers(station::SlotMemory& memory, const std::vector<config::SlotConfig>& slots)
{
    for (const auto& [slot, test] : memory.kept()) {
        const auto known = std::ranges::find(slots, slot.value, &config::SlotConfig::number);
        if (known != slots.end() && known->device == test.device) {
            continue;
        }
        logFault(makeError(StationCode::ConfigurationInvalid,
                           "slot " + std::to_string(slot.value) + " is not at " + quotedText(test.device) +
                               " any more: that it showed " +
                               (test.serial ? quotedText(test.serial->text()) : "what could not be read") +
                               ", tested at " + toIso8601(test.startedAt) + ", is dropped"));
        memory.change(slot, std::nullopt);
    }
}

std::map<enrollment::SlotNumber, std::string> devicesOf(const config::StationConfig& config)
{
    std::map<enrollment::SlotNumber, std::string> devices;
    for (const auto& slot : config.slots) {
        devices.emplace(enrollment::SlotNumber{slot.number}, slot.device);
    }
    return devices;
}

Result<std::shared_ptr<db::slot_memory::SlotMemoryFile>> openMemory(const config::StationConfig& config,
                                                                    const enrollment::ProductProfile& profile)
{
    if (const auto made = db::journal::makeDataDirectory(config.dataDirectory); !made.ok()) {
        logFault(made.error()); // the journal cannot be made either, and the station starts stopped
    }
    TRY_ASSIGN(auto memory, db::slot_memory::SlotMemoryFile::open(config.dataDirectory, devicesOf(config), profile));
    if (memory->fault()) {
        logFault(*memory->fault());
    }
    dropOthers(*memory, config.slots);
    return memory;
}

/// As the configuration asks for it, and as it was taken last.
station::WorkOrder workOrderOf(const StationSetup& setup)
{
    using enum station::WorkOrder::Need;
    std::optional<enrollment::BatchId> kept;
    const bool canBeScanned =
        setup.config.scanner.patterns.has(enrollment::CodeKind::Batch); // or it would stay for ever
    if (canBeScanned && setup.duty && setup.duty->kept().order) {
        kept = setup.duty->kept().order->batch;
    }
    return station::WorkOrder{setup.config.requireBatch ? Required : Optional, std::move(kept)};
}

/// As the configuration asks for it, and with the wrong PINs of before.
station::SignIn signInOf(const StationSetup& setup)
{
    using enum station::SignIn::Need;
    const auto need = setup.config.security.requireSignIn ? BeforeAll
                      : setup.config.requireOperator      ? Required
                                                          : Optional;
    const auto kept = setup.duty ? setup.duty->kept() : station::Duty{};
    return station::SignIn{need, std::chrono::minutes{setup.config.security.lockAfterMinutes},
                           station::PinTries{kept.tries, steadyNowWithSleep()}, kept.locked};
}

} // namespace

Result<StationSetup> loadStationSetup(const config::ConfigSources& sources)
{
    TRY_ASSIGN(auto config, config::loadStationConfig(sources));
    TRY_ASSIGN(auto profile, wiring::loadProductProfile(config));
    TRY(requireUsableSlots(config, profile));
    TRY(wiring::requireUsableScanner(config, profile));
    TRY(wiring::requireUsablePeople(config));
    auto trust = std::make_shared<db::trust::CurrentTrust>(wiring::trustDirectory(config), profile.trustSets);
    TRY(trust->now());
    TRY_ASSIGN(auto commands, station::CommandCodes::of(config.stationId));
    station::ScanRouter scans{config.scanner, std::move(commands), profile.serialPattern};
    TRY_ASSIGN(auto memory, openMemory(config, profile));
    auto duty = std::make_shared<db::duty::DutyFile>(config.dataDirectory); // behind the lock that the memory holds
    if (duty->fault()) {
        logFault(*duty->fault());
    }
    auto selfCheck = [data = config.dataDirectory, station = config.stationId,
                      profile](const std::stop_token& stop) -> Result<enrollment::SelfCheckStamp> {
        TRY_ASSIGN(auto check, self_check::checkAndKeep(data, {station, profile, wiring::softwareStamp(), {}}, stop));
        return std::move(check.stamp);
    };
    auto openDevice = deviceOpener(config.agent);
    return StationSetup{std::move(config), std::move(profile), std::move(trust),      std::move(scans),
                        std::move(memory), std::move(duty),    std::move(openDevice), std::move(selfCheck)};
}

std::optional<std::filesystem::path> missingConfiguration(const config::ConfigSources& sources)
{
    const auto file = config::configurationFile(sources);
    std::error_code ignored;
    if (std::filesystem::symlink_status(file, ignored).type() != std::filesystem::file_type::not_found) {
        return std::nullopt;
    }
    const auto config = config::loadStationConfig(sources);
    return config::isConfigurationNamed(sources) || (config.ok() && config->filesRead.empty()) ? std::optional{file}
                                                                                               : std::nullopt;
}

ui::RunSetup runSetupOf(const StationSetup& setup, std::shared_ptr<station::ActLog> acts)
{
    ui::RunSetup run;
    run.acts = std::move(acts);
    run.devices = devicesOf(setup.config);
    run.pairing = setup.config.pairing;
    run.start = station::SelfStart{setup.config.start};
    run.scans = setup.scans;
    run.memory = setup.memory;
    run.workOrder = workOrderOf(setup);
    run.duty = setup.duty;
    run.signIn = signInOf(setup);
    if (setup.config.scanner.patterns.has(enrollment::CodeKind::Badge)) {
        run.badges = std::make_shared<BadgeReader>(setup.config.dataDirectory);
    }
    run.order.stationId = setup.config.stationId;
    run.order.profile = setup.profile;
    run.order.software = wiring::softwareStamp();
    // Each run opens the journal; what its chain holds is read once for all slots.
    run.factories.journal = [options = wiring::journalOptions(setup.config),
                             records = std::make_shared<db::journal::ChainRecords>()] {
        return openJournalPorts(options, records);
    };
    run.factories.tpm = setup.tpm;
    run.factories.trust = [trust = setup.trust,
                           profile = setup.profile](const std::stop_token& stop) -> Result<crypto::TrustStore> {
        TRY_ASSIGN(const auto now, trust->now(stop));
        TRY(wiring::requireAnchors(now->store, profile)); // else good devices would be held for an empty store
        return now->store;
    };
    run.presence = presenceProbe(setup, run);
    if (run.pairing == enrollment::PairingRule::DeviceSerial) {
        run.order.announcement = enrollment::Announcement::Required;
    }
    return run;
}

ui::StationIdentity identityOf(const StationSetup& setup)
{
    const auto& line = setup.config.line;
    return {QString::fromStdString(setup.config.stationId.text()), QString::fromStdString(line),
            QString::fromStdString(setup.profile.stamp.name),
            setup.profile.policy.allowSoftware ? ui::SoftwareTpms::Allowed : ui::SoftwareTpms::Refused};
}

} // namespace enroll::app::desktop
