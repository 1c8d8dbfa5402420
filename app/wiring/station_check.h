#pragma once

#include "core/config/station_config.h"
#include "core/crypto/trust_store.h"
#include "core/enrollment/product_profile.h"
#include "core/transport/device_address.h"

namespace enroll::app::wiring {

// What a configuration that can be read may still lack. No device is opened, and nothing is left behind.

/// Error S-330 naming the file unless the station has a slot.
Result<void> requireSlots(const config::StationConfig& station);

/// Error S-330 naming the slot, and where the configuration sets its device, unless the profile allows the address; by the
/// rule "device-serial" also where no enroll-agent can be at the address.
Result<void> requireUsableSlot(const config::StationConfig& station, const config::SlotConfig& slot,
                               const enrollment::ProductProfile& profile);

/// Error S-330, where the rule of \p station is "device-serial" and no enroll-agent can be at \p address: a test of that
/// device would be held, because nobody there says a serial number. \p text is the address as it was given.
Result<void> requireSayingDevice(const config::StationConfig& station, const transport::DeviceAddress& address,
                                 std::string_view text);

/// Two codes that come at once are told from one by the form of a serial number alone where no key ends a code. Error S-330
/// naming where the scanner is set, if neither the profile nor `[scanner] patterns` describes that form; naming the pattern,
/// if one fits a code of another kind on the station's own card.
Result<void> requireUsableScanner(const config::StationConfig& station, const enrollment::ProductProfile& profile);

/// Errors of transport::TlsContext::load() for the files of `[agent]`, if it names some of TLS, at \p now: they are read, and the
/// station's certificate is checked as an agent will; of transport::requireUsableForSsh() and requireSshClient(), if it names known
/// hosts.
Result<void> requireUsableAgentFiles(const config::StationConfig& station, UtcTime now);

/// Errors of config::readPeople(), and S-330 naming where it is set if the station requires a person, at each test or at
/// its screen, and has nobody.
Result<void> requireUsablePeople(const config::StationConfig& station);

/// Error S-339 naming the sets if the profile asks for trusted certificates, and nobody is trusted in any of its sets:
/// no device can pass, and each would be held for what the station lacks. None where the profile lets an unknown issuer pass.
Result<void> requireAnchors(const crypto::TrustStore& trust, const enrollment::ProductProfile& profile);

/// Error S-333 naming the directory, and where it is set, unless the journal can be written there.
Result<void> requireWritableData(const config::StationConfig& station);

/// Error S-333 naming the directory, and where it is set, if what has the name of the station's lock is no file: no
/// enroll-station would start.
Result<void> requireUsableLock(const config::StationConfig& station);

/// Errors of db::slot_memory::readKeptTests(), naming where the data directory is set: enroll-station would start with
/// slots of which nobody knows what they showed.
Result<void> requireReadableSlots(const config::StationConfig& station, const enrollment::ProductProfile& profile);

/// Errors of db::duty::readDuty(), naming where the data directory is set: enroll-station would start without the work
/// order that was taken last.
Result<void> requireReadableDuty(const config::StationConfig& station);

/// What lies in the trust store and counts for nothing, though the station may test: files of sets that the profile does not
/// name, and what nobody reads. English, a clause each that begins with the path.
std::vector<std::string> trustRemarks(const config::StationConfig& station);

/// Every fault of the configuration that would otherwise show in a run or an upload.
std::vector<Error> faultsOf(const config::StationConfig& station);

} // namespace enroll::app::wiring
