#pragma once

#include "db/sqlite/connection.h"

#include <QJsonObject>

#include <optional>
#include <string>

namespace enroll::db::journal {

/// Whether entries contradict the entries before them. Every hash of a chain that somebody computed anew fits, and only
/// what its documents say of each other can give it away:
/// - the journal's birth is its first entry and has its id;
/// - a record follows a run of its id that passed, with its serial number and its key;
/// - an outbox entry follows its record and has its registration id;
/// - a delivery event follows its outbox entry and has the destination and the registration id of that. Which states may
///   follow each other says verifyDeliveryOrder().
///
/// Judged are documents of the versions that this program writes. What a newer program wrote is not, nor a run whose
/// outcome is a word that this program does not know, nor a key of a kind that it does not know, nor a member that is
/// absent: such a document is not understood, see entry_understanding.h.
class ConsistencyVerifier {
public:
    /// Errors as sqlite::Connection.
    static Result<ConsistencyVerifier> make(sqlite::Connection& database);

    /// What entry \p seq contradicts: English, one clause; nothing if it is consistent. The search rows of the entries
    /// before it are known to say what their documents say. Errors as sqlite::Connection.
    Result<std::optional<std::string>> check(std::int64_t seq, std::string_view kind, const QJsonObject& document);

private:
    using Answer = std::optional<std::string>;

    ConsistencyVerifier(std::string journalId, sqlite::Statement run, sqlite::Statement record,
                        sqlite::Statement outbox)
        : m_journalId(std::move(journalId)), m_run(std::move(run)), m_record(std::move(record)),
          m_outbox(std::move(outbox))
    {}
    [[nodiscard]] Answer checkBirth(std::int64_t seq, const QJsonObject& birth) const;
    Result<Answer> checkRecord(std::int64_t seq, const QJsonObject& record);
    Result<Answer> checkOutboxEntry(std::int64_t seq, const QJsonObject& note);
    Result<Answer> checkDelivery(std::int64_t seq, const QJsonObject& event);

    std::string m_journalId;
    sqlite::Statement m_run;
    sqlite::Statement m_record;
    sqlite::Statement m_outbox;
};

} // namespace enroll::db::journal
