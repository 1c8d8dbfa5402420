#pragma once

#include "core/enrollment/attestation_run.h"
#include "db/documents/record_not_understood.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace enroll::db::sqlite {
class Connection;
}

namespace enroll::db::review {

struct RecordFilter {
    std::optional<enrollment::BatchId> batch = {};
    std::optional<UtcTime> since = {}; ///< made at or after
    std::optional<UtcTime> until = {}; ///< made before
    std::optional<enrollment::RecordState> state = {};
};

/// Reads the enrollment records. One object belongs to one thread.
class RecordQuery {
public:
    /// Errors as RunQuery::open().
    static Result<std::unique_ptr<RecordQuery>> open(const std::filesystem::path& dataDirectory);
    /// Shares \p database with other queries of the same thread.
    explicit RecordQuery(std::shared_ptr<sqlite::Connection> database);
    ~RecordQuery();
    RecordQuery(const RecordQuery&) = delete;
    RecordQuery& operator=(const RecordQuery&) = delete;

    /// Calls \p visit for every record that matches \p filter, oldest first, in one snapshot, with its state at each
    /// destination now; those that this program does not understand are returned instead. Stops at the first error of \p visit and
    /// returns it.
    Result<std::vector<documents::RecordNotUnderstood>>
    forEach(const RecordFilter& filter,
            const std::function<Result<void>(const enrollment::EnrollmentRecord&, const enrollment::RecordSummary&)>&
                visit);

private:
    std::shared_ptr<sqlite::Connection> m_database;
};

} // namespace enroll::db::review
