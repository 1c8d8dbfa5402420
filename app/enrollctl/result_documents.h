#pragma once

#include "app/enrollctl/accepted_clock_text.h"
#include "core/crypto/certificate.h"
#include "core/enrollment/product_profile.h"
#include "core/system/lock_holder.h"
#include "db/exports/export.h"
#include "db/journal/left_behind.h"
#include "db/journal/verify_journal.h"
#include "db/registration/registration_client.h"
#include "db/review/run_query.h"

#include <QJsonObject>

#include <filesystem>
#include <span>
#include <vector>

/// The small documents of --json. Each has a `schema`; members are in camelCase; an absent value is null.
namespace enroll::app::enrollctl {

/// `{schema, registrationId, idScope, service, device, status, substatus, hub, deviceId}`
QJsonObject registrationDocument(const db::registration::Assignment& assignment,
                                 const db::registration::RegistrationOrder& order, const std::string& device);

/// `{schema, intact, entries, head, acts, firstBad: null | {seq, kind, id, reason, code, headline, nextStep}, notUnderstood: {entries,
/// schemas: [{schema, entries}], first: null | {seq, kind, id, what}}, acceptedClocks: acceptedClocksDocument()}`
QJsonObject journalDocument(const db::journal::VerifyReport& report,
                            std::span<const db::journal::AcceptedClock> accepted = {});
std::string journalText(const db::journal::VerifyReport& report);
/// A notice that newer programs wrote some entries, for people; empty if they wrote none.
std::string notUnderstoodText(const db::journal::EntriesNotUnderstood& entries);

/// `{schema, runs: [{runId, startedAt, durationMs, slot, serialNumber, batch, operator, outcome, code, registrationId,
/// recordState, setAside: [{destination, at, by, reason}], beside: [{destination, state}]}], next, acceptedClocks:
/// acceptedClocksDocument()}`; `next` is the cursor for --after, null on the last page; `beside` tells how far a record that is
/// set aside is at its other destinations.
QJsonObject runListDocument(const db::review::RunPage& page, std::span<const db::journal::AcceptedClock> accepted = {});

/// `{schema, format, file, items, leftOutAsSetAside, leftOut: notUnderstoodDocument(), shortened}`; `shortened` counts the runs whose lines lack
/// what this program does not understand.
QJsonObject exportDocument(const db::exports::ExportReport& report, const std::string& format,
                           const std::filesystem::path& file);

/// `{schema, file, valid: true, name, version, sha256, remarks: [sentences]}`
QJsonObject profileDocument(const enrollment::ProductProfile& profile, const std::filesystem::path& file);

/// A line for each.
std::string remarksText(std::span<const std::string> remarks);

/// `{schema, file, sha256, profile}`; `profile` has every value under the names of the profile's file. Error S-334.
Result<QJsonObject> resolvedProfileDocument(const enrollment::ProductProfile& profile,
                                            const std::filesystem::path& file);

/// What a destination answered that was asked whether it lets this station in.
struct Probe {
    enrollment::DestinationName destination;
    std::optional<Error> fault; ///< absent: it does
};

/// What `config check` finds beside the problems of the files.
struct StationFacts {
    std::vector<db::journal::LeftBehind> left = {};
    std::vector<Probe> probes = {};
    std::optional<system::LockHolder> openIn = {}; ///< the program that has the station open
    std::vector<std::string> remarks = {};         ///< enrollment::profileRemarks()
};

/// `{schema, valid, problems: [error documents], probes: [{destination, error: null or an error document}], leftBehind:
/// leftBehindDocument(), openIn: null or {process, program}, remarks: [sentences]}`; no fact is a problem of the files.
QJsonObject configCheckDocument(std::span<const Error> problems, const StationFacts& facts);

/// `{schema, file}`: the configuration that was written.
QJsonObject configInitDocument(const std::filesystem::path& file);

/// `{schema, devices: [addresses], trustDirectory, trust: [files]}`
QJsonObject simulationDocument(std::span<const std::string> addresses, const std::filesystem::path& trustDirectory,
                               std::span<const std::filesystem::path> trust);

} // namespace enroll::app::enrollctl
