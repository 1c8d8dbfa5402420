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

namespace enroll::db::review {

/// Every part that is present must hold.
struct RunFilter {
    std::optional<Outcome> outcome = {};
    std::optional<enrollment::SerialNumber> serialNumber = {};
    std::optional<enrollment::BatchId> batch = {};
    std::optional<enrollment::OperatorId> operatorId = {};
    std::optional<UtcTime> since = {}; ///< started at or after
    std::optional<UtcTime> until = {}; ///< started before
    std::optional<ErrorCode> code = {};
    std::optional<enrollment::RegistrationId> registrationId = {}; ///< without regard to letter case
    std::optional<enrollment::RecordState> recordState = {};       ///< of the record the run made or confirmed
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
    std::optional<Word<enrollment::RecordState>> recordState; ///< as it is now; only runs that passed have one
    bool operator==(const RunRow&) const = default;
};

/// A run as it stands in the journal, with `record` telling how far its record is at each destination now.
struct StoredRun {
    QJsonObject document; ///< every member as committed, also those that this program does not know
    /// What this program reads of it; where it cannot read the document, what the search row repeats of it.
    enrollment::AttestationRun run;
    documents::NotUnderstood notUnderstood; ///< by this program; a newer one wrote it
};

struct RunPage {
    std::vector<RunRow> rows;
    std::string next; ///< cursor of the page after this one; empty: this was the last
};

/// Reads the attestation log. One object belongs to one thread; writers are never held up.
class RunQuery {
public:
    /// Error S-332 if there is no journal in \p dataDirectory (SqliteJournal::open() makes one); S-301, S-302, S-330.
    static Result<std::unique_ptr<RunQuery>> open(const std::filesystem::path& dataDirectory);
    /// On a connection that other queries of the same thread use too.
    explicit RunQuery(std::shared_ptr<sqlite::Connection> database);
    ~RunQuery();
    RunQuery(const RunQuery&) = delete;
    RunQuery& operator=(const RunQuery&) = delete;

    /// Newest first (order of commit), at most \p limit. \p cursor is empty for the first page, then RunPage::next.
    /// Runs that arrive between two pages neither shift nor repeat a row. Error S-332 for a cursor not made here.
    Result<RunPage> list(const RunFilter& filter, std::size_t limit, const std::string& cursor = {});

    /// Error S-332 if there is no such run.
    Result<StoredRun> show(const enrollment::RunId& runId);

    /// Every run that fits, oldest first, as show() would give it, read in one snapshot. Stops at the first error that
    /// \p visit returns and returns it.
    Result<void> forEach(const RunFilter& filter, const std::function<Result<void>(const StoredRun&)>& visit);

private:
    std::shared_ptr<sqlite::Connection> m_database;
};

} // namespace enroll::db::review
