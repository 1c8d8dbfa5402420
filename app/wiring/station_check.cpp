#include "app/wiring/station_check.h"

#include "app/wiring/destinations.h"
#include "app/wiring/device.h"
#include "app/wiring/station_files.h"
#include "core/attestation/finding_catalog.h"
#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/config/people_file.h"
#include "core/scanner/scanner_port.h"
#include "core/station/command_code.h"
#include "core/station/slot_label.h"
#include "core/system/directory.h"
#include "core/system/regular_file.h"
#include "core/transport/ssh_command.h"
#include "core/transport/tls_context.h"
#include "db/duty/duty_file.h"
#include "db/slot_memory/slot_memory_file.h"
#include "db/trust/known_trust.h"

#include <algorithm>

namespace enroll::app::wiring {
namespace {

using enrollment::CodeKind;

template <class T>
void note(const Result<T>& result, std::vector<Error>& faults)
{
    if (!result.ok()) {
        faults.push_back(result.error());
    }
}

std::string whereData(const config::StationConfig& station)
{
    return station.origins.at("station.data_dir") + ": station.data_dir: ";
}

/// The codes that are on the station's own card: commands, and labels of slots.
Result<std::vector<std::string>> cardCodes(const config::StationConfig& station, CodeKind of)
{
    std::vector<std::string> codes;
    if (of == CodeKind::Slot) {
        for (const auto& slot : station.slots) {
            codes.push_back(station::labelOf(enrollment::SlotNumber{slot.number}));
        }
        return codes;
    }
    TRY_ASSIGN(const auto commands, station::CommandCodes::of(station.stationId));
    for (const auto command : station::kAllCommands) {
        codes.push_back(commands.textOf(command));
    }
    return codes;
}

/// Refuses a pattern that fits a code of another kind on the station's own card.
Result<void> requireOwnPatterns(const config::StationConfig& station)
{
    const auto& patterns = station.scanner.patterns;
    for (const auto owner : {CodeKind::Command, CodeKind::Slot}) {
        TRY_ASSIGN(const auto codes, cardCodes(station, owner));
        for (const auto& [word, kind] : enrollment::kCodeKindWords) {
            const auto fits = [&, kind = kind](const std::string& code) {
                return patterns.fits(kind, code) || patterns.fits(kind, asciiCaseExchanged(code));
            };
            const auto taken = std::ranges::find_if(codes, fits);
            if (kind != owner && taken != codes.end()) {
                return makeError(StationCode::ConfigurationInvalid,
                                 station.origins.at(keyOf(kind)) + ": " + keyOf(kind) + " fits " + quotedText(*taken) +
                                     ", which is a " + std::string{wordOf(owner)} +
                                     " on the station's own card: make the pattern narrower");
            }
        }
    }
    return {};
}

/// What the system says is of the device; what else is wrong names its key, which is the layout's.
Result<void> requireReadableScanner(const config::StationConfig& station, const enrollment::OwnScanner& scanner)
{
    const auto readable = scanner::requireReadable(scanner);
    if (readable.ok()) {
        return {};
    }
    const bool isOfDevice = std::holds_alternative<Errno>(readable.error().source);
    const auto where = isOfDevice ? station.origins.at("scanner.device") + ": scanner.device: "
                                  : station.origins.at("scanner.layout") + ": ";
    return prefixed(where, readable.error());
}

void noteFaultsBesideProfile(const config::StationConfig& station, const enrollment::ProductProfile& profile,
                             std::vector<Error>& faults)
{
    for (const auto& slot : station.slots) {
        note(requireUsableSlot(station, slot, profile), faults);
    }
    note(requireUsableScanner(station, profile), faults);
    if (station.scanner.own) {
        note(requireReadableScanner(station, *station.scanner.own), faults);
    }
    const auto trust = loadTrust(station, profile);
    note(trust, faults);
    if (trust.ok()) {
        note(requireAnchors(*trust, profile), faults);
    }
}

} // namespace

Result<void> requireSlots(const config::StationConfig& station)
{
    if (station.slots.empty() && station.filesRead.empty()) {
        return makeError(StationCode::ConfigurationInvalid,
                         "there is no " + station.file.string() +
                             ", and so no slot: `enrollctl config init` writes one that shows every key");
    }
    if (station.slots.empty()) {
        return makeError(StationCode::ConfigurationInvalid,
                         station.file.string() + ": no [[slot]] is configured: add one with number and device");
    }
    return {};
}

Result<void> requireUsableSlot(const config::StationConfig& station, const config::SlotConfig& slot,
                               const enrollment::ProductProfile& profile)
{
    const auto number = std::to_string(slot.number);
    const auto place = station.origins.find("slot." + number + ".device");
    const auto where = place == station.origins.end() ? std::string{} : place->second + ": ";
    const auto allowed = requireAllowedAddress(slot.device, profile, station.agent);
    if (!allowed.ok()) {
        return recoded(prefixed(where + "slot " + number + ": ", allowed.error()), StationCode::ConfigurationInvalid);
    }
    return prefixed(where + "slot " + number + ": ", requireSayingDevice(station, allowed->value(), slot.device));
}

Result<void> requireSayingDevice(const config::StationConfig& station, const transport::DeviceAddress& address,
                                 std::string_view text)
{
    if (station.pairing != enrollment::PairingRule::DeviceSerial || transport::mayHaveAgent(address)) {
        return {};
    }
    return makeError(
        StationCode::ConfigurationInvalid,
        "device " + shownText(text) + " says no serial number, and station.pairing is \"device-serial\" (" +
            station.origins.at("station.pairing") +
            "): give the address of an enroll-agent, such as \"tls://HOST:PORT\", or pair by another rule");
}

Result<void> requireUsableScanner(const config::StationConfig& station, const enrollment::ProductProfile& profile)
{
    TRY(requireOwnPatterns(station));
    const bool described = !profile.serialPattern.text().empty() || station.scanner.patterns.has(CodeKind::Serial);
    if (station.scanner.end == enrollment::ScanEnd::Silence && !described) {
        return makeError(StationCode::ConfigurationInvalid,
                         station.origins.at("scanner.suffix") +
                             ": scanner.suffix is \"none\", and the profile has no serial_pattern, so that two codes "
                             "scanned at once would pass for one: set the scanner to end its codes with Return, or "
                             "describe the serial number in the profile, or in scanner.patterns");
    }
    return {};
}

Result<void> requireUsableAgentFiles(const config::StationConfig& station, UtcTime now)
{
    const auto where = [&station](const char* key) { return station.origins.at(key) + ": [agent]: "; };
    if (station.agent.namesTls()) {
        const auto loaded = transport::TlsContext::load(station.agent, transport::TlsRole::Station, now);
        if (!loaded.ok()) {
            return prefixed(where("agent.ca_file"), loaded.error());
        }
    }
    if (station.agent.knownHostsFile.empty()) {
        return {};
    }
    TRY(prefixed(where("agent.known_hosts_file"), transport::requireUsableForSsh(station.agent)));
    return prefixed(where("agent.known_hosts_file"), transport::requireSshClient());
}

Result<void> requireUsablePeople(const config::StationConfig& station)
{
    TRY_ASSIGN(const auto people, config::readPeople(station.dataDirectory));
    const std::string key = station.requireOperator          ? "station.require_operator"
                            : station.security.requireSignIn ? "security.require_sign_in"
                                                             : "";
    if (!key.empty() && (!people || people->empty())) {
        return makeError(StationCode::ConfigurationInvalid,
                         station.origins.at(key) + ": " + key + " is true, and there is nobody in " +
                             config::peopleFile(station.dataDirectory).string() +
                             ": `enrollctl people add` takes people and their badges");
    }
    return {};
}

Result<void> requireAnchors(const crypto::TrustStore& trust, const enrollment::ProductProfile& profile)
{
    const auto unknownIssuer = attestation::severityOf(profile.policy, "ek-certificate-unknown-issuer");
    const bool isRequired = profile.policy.certificate == attestation::CertificateRequirement::Trusted &&
                            unknownIssuer != attestation::Severity::Info &&
                            unknownIssuer != attestation::Severity::Warning;
    if (!isRequired || trust.hasAnchors()) {
        return {};
    }
    return makeError(StationCode::NothingFound,
                     "no authority is trusted for the profile " + profile.stamp.name +
                         " (sets: " + joinedInQuotes(profile.trustSets) +
                         "), so that no device can pass: `enrollctl trust import` takes the makers' "
                         "certificates");
}

Result<void> requireWritableData(const config::StationConfig& station)
{
    return prefixed(whereData(station), system::requireWritable(station.dataDirectory));
}

Result<void> requireUsableLock(const config::StationConfig& station)
{
    const auto there = system::fileIsThere(db::slot_memory::stationLockFile(station.dataDirectory));
    return there.ok() ? Result<void>{} : Result<void>{prefixed(whereData(station), there.error())};
}

Result<void> requireReadableSlots(const config::StationConfig& station, const enrollment::ProductProfile& profile)
{
    const auto kept = db::slot_memory::readKeptTests(station.dataDirectory, profile);
    return kept.ok() ? Result<void>{} : Result<void>{prefixed(whereData(station), kept.error())};
}

Result<void> requireReadableDuty(const config::StationConfig& station)
{
    const auto kept = db::duty::readDuty(station.dataDirectory);
    return kept.ok() ? Result<void>{} : Result<void>{prefixed(whereData(station), kept.error())};
}

std::vector<std::string> trustRemarks(const config::StationConfig& station)
{
    const auto directory = trustDirectory(station);
    const auto known = db::trust::surveyTrust(directory);
    std::vector<std::string> remarks;
    for (const auto& fault : known.ok() ? known->leftOut : std::vector<Error>{}) {
        remarks.push_back(fault.what);
    }
    for (const auto& entry : db::trust::unreadEntriesOf(directory)) {
        remarks.push_back(entry.string() + " lies in the trust store, and nothing of this name is read there");
    }
    return remarks;
}

std::vector<Error> faultsOf(const config::StationConfig& station)
{
    std::vector<Error> faults;
    note(requireSlots(station), faults);
    const auto profile = loadProductProfile(station);
    note(profile, faults);
    if (profile.ok()) {
        noteFaultsBesideProfile(station, *profile, faults);
    } else {
        note(loadTrust(station, {}), faults);
    }
    note(requireUsableAgentFiles(station, utcNow()), faults);
    note(requireUsablePeople(station), faults);
    note(requireWritableData(station), faults);
    note(requireUsableLock(station), faults);
    note(requireReadableSlots(station, profile.ok() ? *profile : enrollment::ProductProfile{}), faults);
    note(requireReadableDuty(station), faults);
    delivery::RealWaiting waiting;
    for (const auto& destination : station.destinations) {
        note(openDestination(destination.settings, waiting, destination.places), faults);
    }
    return faults;
}

} // namespace enroll::app::wiring
