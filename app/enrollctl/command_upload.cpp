#include "app/enrollctl/commands.h"
#include "app/enrollctl/kept_act.h"
#include "app/enrollctl/label_text.h"
#include "app/enrollctl/left_behind_text.h"
#include "app/enrollctl/operator_option.h"
#include "app/enrollctl/record_not_understood_text.h"
#include "app/enrollctl/set_aside_request.h"
#include "app/enrollctl/upload_document.h"
#include "app/enrollctl/verify_progress.h"
#include "app/wiring/destinations.h"
#include "app/wiring/station_files.h"
#include "core/base/clock.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/delivery/uploader.h"
#include "core/enrollment/one_off_destination.h"
#include "db/journal/journal_proof.h"
#include "db/journal/sqlite_outbox.h"

#include <algorithm>

namespace enroll::app::enrollctl {
namespace {

using config::DestinationConfig;
using config::StationConfig;
using delivery::UploadProgress;
using delivery::UploadReport;

/// Five failed calls in a row are a quarter of a minute: long enough for a service that restarts, short enough for a
/// person who waits.
constexpr delivery::DrainOnce kPatience{.mostFailuresInARow = 5};

struct UploadCommandOptions {
    std::string destination;
    std::filesystem::path connectionStringFile;
    std::filesystem::path caFile;
    RetryRequest retry;
    SetAsideRequest setAside;
    bool follow = false;
};

class ProgressPrinter final : public delivery::UploadProgressSink {
public:
    explicit ProgressPrinter(Output& output) : m_output(output) {}

    void progress(const UploadProgress& progress) override
    {
        const auto line = "  " + std::to_string(progress.accepted) + " accepted, " + std::to_string(progress.rejected) +
                          " rejected, " + std::to_string(progress.left) + " left" + waitText(progress);
        if (line != m_last) { // a call may change none of the counts
            m_output.progress(line);
            m_last = line;
        }
    }

private:
    static std::string waitText(const UploadProgress& progress)
    {
        if (progress.waiting.count() <= 0 || !progress.lastError) {
            return {};
        }
        const auto again = std::chrono::ceil<std::chrono::seconds>(utcNow() + progress.waiting);
        return "; trying again in " + std::to_string(progress.waiting.count()) + " ms, at " + toIso8601(again) + ": " +
               describeForLog(*progress.lastError);
    }

    Output& m_output;
    std::string m_last;
};

Error usage(const std::string& what)
{
    return makeError(StationCode::UsageInvalid, what);
}

/// The names that --destination can have instead.
Error noSuchDestination(const std::string& name, const StationConfig& station)
{
    std::vector<std::string> configured;
    std::ranges::transform(station.destinations, std::back_inserter(configured),
                           [](const auto& destination) { return destination.name.text(); });
    std::vector<std::string> others;
    if (const auto known = db::journal::destinationsInJournal(station.dataDirectory)) {
        for (const auto& destination : *known) {
            if (std::ranges::find(configured, destination.text()) == configured.end()) {
                others.push_back(destination.text());
            }
        }
    }
    return usage("--destination " + name + ": no destination of that name is configured; configured: " +
                 (configured.empty() ? "none" : joinedInQuotes(configured)) +
                 (others.empty() ? ""
                                 : "; the journal also knows " + joinedInQuotes(others) +
                                       ", where --set-aside can give records up"));
}

Result<std::vector<DestinationConfig>> configuredDestinations(const UploadCommandOptions& options,
                                                              const StationConfig& station)
{
    if (options.destination.empty()) {
        return station.destinations;
    }
    const enrollment::DestinationName wanted{options.destination};
    const auto found = std::ranges::find(station.destinations, wanted, &DestinationConfig::name);
    if (found == station.destinations.end()) {
        return noSuchDestination(options.destination, station);
    }
    return std::vector{*found};
}

/// The one destination that a connection string on the command line is for. Error S-331.
Result<enrollment::DestinationName> nameOfGivenAccess(const std::vector<DestinationConfig>& destinations)
{
    if (destinations.empty()) {
        return enrollment::DestinationName{enrollment::kOneOffDestination};
    }
    if (destinations.size() > 1) {
        return usage("--connection-string-file is for one destination: name it with --destination");
    }
    return destinations.front().name;
}

Error noDestination(const StationConfig& station)
{
    const auto where = station.filesRead.empty()
                           ? "no configuration file was read: write one, name it with --config, and"
                           : station.file.string() + ": no [[destination]] is configured:";
    return makeError(StationCode::ConfigurationInvalid,
                     where + " add the table [[destination]] with the keys name = \"cloud\", kind = \"dps\" and "
                             "connection_string_file = \"FILE\"; or give --connection-string-file FILE");
}

/// Where to send: what the command line gives, or what is configured. Errors S-331, S-330.
Result<std::vector<DestinationConfig>> destinationsOf(const UploadCommandOptions& options, const StationConfig& station)
{
    TRY_ASSIGN(auto destinations, configuredDestinations(options, station));
    if (!options.connectionStringFile.empty()) {
        TRY_ASSIGN(auto name, nameOfGivenAccess(destinations));
        return std::vector{DestinationConfig{
            std::move(name), wiring::settingsOfConnectionString(options.connectionStringFile, options.caFile)}};
    }
    if (destinations.empty()) {
        return noDestination(station);
    }
    if (options.follow && destinations.size() > 1) {
        return usage("--follow serves one destination: name it with --destination");
    }
    return destinations;
}

struct ReadyDestination {
    enrollment::DestinationName name;
    std::unique_ptr<delivery::Destination> destination;
};

/// Connects to nothing yet: every secret and CA file is read before the first record is sent. Error S-330.
Result<std::vector<ReadyDestination>> readyDestinations(const std::vector<DestinationConfig>& destinations,
                                                        delivery::Waiting& waiting)
{
    std::vector<ReadyDestination> ready;
    for (const auto& [name, settings, places] : destinations) {
        TRY_ASSIGN(auto destination, wiring::openDestination(settings, waiting, places));
        ready.push_back({name, std::move(destination)});
    }
    return ready;
}

std::vector<enrollment::DestinationName> namesOf(std::span<const ReadyDestination> destinations)
{
    std::vector<enrollment::DestinationName> names;
    std::ranges::transform(destinations, std::back_inserter(names), &ReadyDestination::name);
    return names;
}

std::vector<SetAsidePlace> placesOf(std::span<const ReadyDestination> destinations)
{
    std::vector<SetAsidePlace> places;
    std::ranges::transform(destinations, std::back_inserter(places), [](const auto& target) {
        return SetAsidePlace{target.name, target.destination.get()};
    });
    return places;
}

delivery::UploadOptions uploadOptions(const UploadCommandOptions& options)
{
    delivery::UploadOptions uploading;
    uploading.mode = kPatience;
    if (options.follow) {
        uploading.mode = delivery::FollowUntilStopped{};
    }
    return uploading;
}

/// The proof is asked again at each look and after each pause: a record could have been forged since.
Result<DestinationUpload> uploadTo(ReadyDestination& target, const UploadCommandOptions& options,
                                   const StationConfig& station, db::journal::JournalProof& proof,
                                   delivery::Waiting& waiting, Context& context)
{
    const auto again = [&] { return proof.renew(target.name, {}, context.stop); };
    TRY_ASSIGN(const auto outbox, db::journal::SqliteOutbox::open(wiring::journalOptions(station), target.name, again));
    TRY_ASSIGN(auto notUnderstood, outbox->recordsNotUnderstood());
    if (!notUnderstood.empty()) {
        context.output.notice(recordsNotUnderstood("not sent to " + target.name.text(), notUnderstood));
    }
    ProgressPrinter progress{context.output};
    delivery::Uploader uploader{*outbox, *target.destination, uploadOptions(options), progress, waiting};
    auto report = uploader.drain(context.stop);
    TRY_ASSIGN(const int leftOut, outbox->leftOutAsSetAside());
    return DestinationUpload{target.name, std::move(report), std::move(notUnderstood), leftOut};
}

bool endedByStop(const UploadReport& report)
{
    return report.stoppedBy && report.stoppedBy->code == DeviceCode::Cancelled;
}

/// What kept a drain from ending well, if it was this station's own doing.
std::optional<ExitCode> stationFaultOf(const UploadReport& report)
{
    const bool own = report.stoppedBy && report.stoppedBy->code.family() == CodeFamily::Station;
    return own ? std::optional{exitCodeOf(report.stoppedBy->code)} : std::nullopt;
}

ExitCode exitCodeOf(const DestinationUpload& upload)
{
    const auto& report = upload.report;
    if (const auto fault = stationFaultOf(report)) {
        return *fault;
    }
    if (endedByStop(report)) {
        return ExitCode::Interrupted;
    }
    const bool allDelivered = report.rejected.empty() && report.rejectedEarlier == 0 && report.left == 0;
    return allDelivered ? ExitCode::Done : ExitCode::Refused;
}

/// What lies at a destination that is not configured is left unsent too, unless only one destination was asked for.
ExitCode worst(const UploadResult& result, const UploadCommandOptions& options)
{
    const bool ofAll = options.destination.empty() && options.connectionStringFile.empty();
    auto code = ofAll && !result.leftBehind.empty() ? ExitCode::Refused : ExitCode::Done;
    for (const auto& upload : result.uploads) {
        code = std::max(code, exitCodeOf(upload));
    }
    return code;
}

/// True if --destination names one that the configuration does not have, but the journal does.
Result<bool> namesLeftBehind(const UploadCommandOptions& options, const StationConfig& station)
{
    const enrollment::DestinationName wanted{options.destination};
    if (options.setAside.registrationIds.empty() || options.destination.empty() ||
        !options.connectionStringFile.empty()) {
        return false;
    }
    TRY_ASSIGN(const auto left, db::journal::leftBehind(station.dataDirectory, wiring::destinationNames(station)));
    return std::ranges::find(left, wanted, &db::journal::LeftBehind::destination) != left.end();
}

/// Gives up what lies at a destination that the configuration does not have, and sends nothing.
Result<ExitCode> setLeftAside(const UploadCommandOptions& options, const StationConfig& station, Context& context)
{
    const std::vector places{SetAsidePlace{enrollment::DestinationName{options.destination}}};
    delivery::RealWaiting waiting;
    db::journal::JournalProof proof{station.dataDirectory};
    TRY(proof.renew(places.front().name, verifyProgress(context.output), context.stop));
    UploadResult result;
    TRY_ASSIGN(result.setAside,
               setRecordsAside(options.setAside, wiring::journalOptions(station), places, proof, waiting, context.stop,
                               actOfCommand(station::ActKind::RecordsSetAside, station)));
    result.leftBehind = tellLeftBehind(station, context.output);
    context.output.result(uploadDocument(result), uploadText(result));
    return ExitCode::Done;
}

Result<ExitCode> uploadToAll(std::span<ReadyDestination> targets, const UploadCommandOptions& options,
                             const StationConfig& station, delivery::Waiting& waiting, Context& context)
{
    // Once, for all destinations, and before anything is queued again or set aside.
    db::journal::JournalProof proof{station.dataDirectory};
    TRY(proof.renew(targets.front().name, verifyProgress(context.output), context.stop));
    UploadResult result;
    const auto journal = wiring::journalOptions(station);
    TRY_ASSIGN(result.queuedAgain, queueRetries(options.retry, journal, namesOf(targets),
                                                actOfCommand(station::ActKind::RecordsQueuedAgain, station)));
    TRY_ASSIGN(result.setAside,
               setRecordsAside(options.setAside, journal, placesOf(targets), proof, waiting, context.stop,
                               actOfCommand(station::ActKind::RecordsSetAside, station)));
    for (auto& target : targets) {
        TRY_ASSIGN(auto upload, uploadTo(target, options, station, proof, waiting, context));
        auto& report = upload.report;
        if (options.follow && endedByStop(report)) {
            report.stoppedBy.reset(); // the regular end of --follow
        }
        if (report.stoppedBy) { // a destination that ended early is said at once
            context.output.notice(*report.stoppedBy);
        }
        result.uploads.push_back(std::move(upload));
    }
    result.leftBehind = tellLeftBehind(station, context.output);
    context.output.result(uploadDocument(result), uploadText(result));
    return worst(result, options);
}

Result<ExitCode> upload(const UploadCommandOptions& options, Context& context)
{
    TRY(requireOneWay(options.retry, options.setAside));
    TRY_ASSIGN(const auto station, loadStation(context));
    TRY(requireNoBadge("--operator", options.setAside.operatorId, station));
    TRY_ASSIGN(const bool isLeftBehind, namesLeftBehind(options, station));
    if (isLeftBehind) {
        return setLeftAside(options, station, context);
    }
    TRY_ASSIGN(const auto destinations, destinationsOf(options, station));
    delivery::RealWaiting waiting;
    TRY_ASSIGN(auto targets, readyDestinations(destinations, waiting));
    return uploadToAll(targets, options, station, waiting, context);
}

} // namespace

void addUploadCommand(const Command& program)
{
    auto options = std::make_shared<UploadCommandOptions>();
    const auto command = program.subcommand("upload", "Send queued enrollment records to the provisioning service");
    command.option("--destination", options->destination, "Only this configured destination");
    constexpr auto kIdPlaceholder = "REGISTRATION_ID";
    const std::string idHelp = "\"enrollctl runs list --json\" shows the ids";
    command.option("--follow", options->follow, "Keep sending what is enrolled until stopped");
    command
        .option("--retry", options->retry.registrationIds,
                "Queue this record again that was rejected or set aside, then send (may be given several times); " +
                    idHelp)
        .placeholder(kIdPlaceholder);
    command.option("--retry-rejected", options->retry.allRejected, "Queue every rejected record again, then send");
    const auto setAside = command
                              .option("--set-aside", options->setAside.registrationIds,
                                      "Give this record up wherever it was not accepted: it is not sent (any more), "
                                      "and counts as decided (may be given "
                                      "several times); " +
                                          idHelp)
                              .placeholder(kIdPlaceholder);
    command.option("--reason", options->setAside.reason, "Why it is set aside").needs(setAside).check(&labelFault);
    command.option("--operator", options->setAside.operatorId, "Who sets it aside").needs(setAside).check(&labelFault);
    const auto access =
        command.option("--connection-string-file", options->connectionStringFile,
                       "File with the service's connection string, instead of the configured one; where no "
                       "destination is configured, it counts as one named \"" +
                           std::string{enrollment::kOneOffDestination} + '"');
    command.option("--ca-file", options->caFile, "Authority that vouches for the service (PEM)").needs(access);
    command.does([options](Context& context) { return upload(*options, context); });
}

} // namespace enroll::app::enrollctl
