#pragma once

#include "core/enrollment/attestation_run.h"
#include "db/documents/not_understood.h"

#include <QJsonObject>

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>

namespace enroll::db::sqlite {
class Connection;
}
namespace enroll::db::journal {
class NothingGone;
}

namespace enroll::db::review {

/// A run matches if it fulfils every part that is present.
struct RunFilter {
    std::optional<Outcome> outcome = {};
    std::optional<enrollment::SerialNumber> serialNumber = {};
    std::optional<enrollment::BatchId> batch = {};
    std::optional<enrollment::OperatorId> operatorId = {};
    std::optional<UtcTime> since = {}; ///< started at or after
    std::optional<UtcTime> until = {}; ///< started before
    std::optional<ErrorCode> code = {};
    std::optional<enrollment::RegistrationId> registrationId = {}; ///< without regard to letter case
    std::optional<enrollment::RecordState> recordState = {};       ///< of the record that the run made or confirmed
};

/// One line of the attestation log.
struct RunRow {
    enrollment::RunId runId;
    UtcTime startedAt{};
    std::chrono::milliseconds duration{0};
    enrollment::SlotNumber slot;
    enrollment::SerialNumber serialNumber;
    enrollment::BatchId batch;
    enrollment::OperatorId operatorId;
    Word<Outcome> outcome = Outcome::StationFault;
    std::optional<Word<ErrorCode>> code;
    std::optional<enrollment::RegistrationId> registrationId;
    std::optional<Word<enrollment::RecordState>> recordState; ///< now, not at the time of the run; only for Pass
    std::vector<enrollment::DestinationState> setAside = {};  ///< where that record was set aside
    std::vector<enrollment::DestinationState> beside = {};    ///< how far one that was set aside is at the others
    bool operator==(const RunRow&) const = default;
};

/// A run of the journal. `run.record` is the state of its record now, not at the time of the run, as the delivery events
/// give it.
struct StoredRun {
    QJsonObject document; ///< every member as committed, also those that this program does not know
    /// What this program reads from the document; if it cannot read it, what the search row repeats of it.
    enrollment::AttestationRun run;
    documents::NotUnderstood notUnderstood; ///< what a newer program wrote and this one does not understand
    bool isPartial = false; ///< the document could not be read: \ref run has no more than the search row
};

struct RunPage {
    std::vector<RunRow> rows;
    std::string next; ///< cursor of the next page; empty on the last page
};

/// Reads the attestation log. One object belongs to one thread. Readers do not block writers (write-ahead log).
class RunQuery {
public:
    /// Error S-339 if there is no journal in \p dataDirectory (SqliteJournal::open() makes one); S-301, S-302, S-304.
    static Result<std::unique_ptr<RunQuery>> open(const std::filesystem::path& dataDirectory);
    /// Shares \p database with other queries of the same thread.
    explicit RunQuery(std::shared_ptr<sqlite::Connection> database);
    ~RunQuery();
    RunQuery(const RunQuery&) = delete;
    RunQuery& operator=(const RunQuery&) = delete;

    /// The runs that match, newest commit first, at most \p limit. \p cursor is empty for the first page, then
    /// RunPage::next. Runs committed between two pages neither shift nor repeat a row. Each row of the page is held
    /// against its entry of the chain. Errors S-338 for a foreign cursor, S-303 for a row or an entry that was altered, and
    /// for any of the journal that is gone.
    Result<RunPage> list(const RunFilter& filter, std::size_t limit, const std::string& cursor = {});

    /// Errors S-339 if there is no such run, S-303 as list().
    Result<StoredRun> show(const enrollment::RunId& runId);

    /// Calls \p visit for every run that matches, oldest first, as show() would return it, in one snapshot. Stops at
    /// the first error of \p visit and returns it.
    Result<void> forEach(const RunFilter& filter, const std::function<Result<void>(const StoredRun&)>& visit);

private:
    std::shared_ptr<sqlite::Connection> m_database;
    std::unique_ptr<journal::NothingGone> m_gone;
};

} // namespace enroll::db::review
