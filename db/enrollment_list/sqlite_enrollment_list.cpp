#include "db/enrollment_list/sqlite_enrollment_list.h"

#include "core/base/recoded.h"
#include "core/enrollment/registration_id.h"
#include "core/system/regular_file.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/json_text.h"
#include "db/enrollment_list/list_faults.h"
#include "db/enrollment_list/schema.h"
#include "db/qt/values.h"

namespace enroll::db::enrollment_list {

using namespace provisioning;
using qt::toQString;

namespace {

/// How long the outcome of a registration can be asked for: as long as the longest-lived signature of a client.
constexpr std::chrono::hours kOperationLifetime{24};
constexpr std::chrono::seconds kPatienceWithWriters{10};

constexpr auto* kEnrollmentThere = "SELECT 1 FROM enrollment WHERE id = ?";
constexpr auto* kRegistrationThere = "SELECT 1 FROM registration WHERE id = ?";

QString keyOf(const enrollment::RegistrationId& id)
{
    return toQString(enrollment::registrationKey(id));
}

qint64 millisecondsOf(UtcTime time)
{
    return time.time_since_epoch().count();
}

UtcTime timeOf(std::int64_t milliseconds)
{
    return UtcTime{std::chrono::milliseconds{milliseconds}};
}

template <class Value>
QString documentOf(const Value& value)
{
    return QString::fromUtf8(documents::canonicalJson(documents::toJson(value)));
}

template <class Value>
Result<Value> parsed(const std::string& document, Result<Value> (*fromJson)(const QJsonObject&))
{
    TRY_ASSIGN(const auto object, documents::parseJsonObject(asBytes(document)));
    return fromJson(object);
}

/// The document in the column \p at of a row whose column 0 is its key, and what the document is.
struct StoredDocument {
    const sqlite::Connection& list;
    const sqlite::Statement& row;
    int at = 1;

    /// Only this class writes documents: if one cannot be read, the file was damaged.
    template <class Value>
    Result<Value> as(const char* kind, Result<Value> (*fromJson)(const QJsonObject&)) const
    {
        return prefixed(list.fileName() + ": restore it from a backup: the " + kind + " '" + row.text(0) +
                            "' cannot be read: ",
                        recoded(parsed(row.text(at), fromJson), kListFaults.damaged));
    }
    [[nodiscard]] Result<IndividualEnrollment> asEnrollment() const
    {
        return as("enrollment of registration id", documents::individualEnrollmentFromJson);
    }
    [[nodiscard]] Result<RegistrationState> asState() const
    {
        return as("registration state of registration id", documents::registrationStateFromJson);
    }
    [[nodiscard]] Result<RegistrationState> asOperation() const
    {
        return as("registration operation", documents::registrationStateFromJson);
    }
};

WriteOutcome doneOr(const sqlite::Statement& query, WriteOutcome otherwise)
{
    return query.changedRows() > 0 ? WriteOutcome::Done : otherwise;
}

} // namespace

SqliteEnrollmentList::SqliteEnrollmentList(std::unique_ptr<sqlite::Connection> connection)
    : m_connection(std::move(connection))
{}

SqliteEnrollmentList::~SqliteEnrollmentList() = default;

Result<std::unique_ptr<SqliteEnrollmentList>> SqliteEnrollmentList::open(const std::filesystem::path& file)
{
    TRY(requireNotLost(file));
    TRY(recoded(system::makePrivateFile(file), kListFaults.cannotSave));
    TRY_ASSIGN(auto connection,
               sqlite::Connection::open(file, sqlite::Access::ReadWrite, kPatienceWithWriters, kListFaults));
    TRY(requireSchema(*connection, file, kPatienceWithWriters));
    return std::unique_ptr<SqliteEnrollmentList>{new SqliteEnrollmentList{std::move(connection)}};
}

/// Runs \p work in a Write transaction, so that nothing changes between its reads and its writes. An error of \p work
/// rolls everything back.
template <class Work>
Result<WriteOutcome> SqliteEnrollmentList::underWriteLock(Work work)
{
    TRY_ASSIGN(auto transaction, sqlite::Transaction::begin(*m_connection, sqlite::Transaction::Kind::Write));
    TRY_ASSIGN(const auto outcome, work());
    TRY(transaction.commit());
    return outcome;
}

Result<std::optional<IndividualEnrollment>> SqliteEnrollmentList::enrollment(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(auto query, m_connection->query("SELECT id, document FROM enrollment WHERE id = ?", {keyOf(id)}));
    TRY_ASSIGN(const bool there, query.next());
    if (!there) {
        return std::optional<IndividualEnrollment>{};
    }
    TRY_ASSIGN(auto stored, (StoredDocument{*m_connection, query}.asEnrollment()));
    return std::optional{std::move(stored)};
}

Result<WriteOutcome> SqliteEnrollmentList::insert(const IndividualEnrollment& enrollment)
{
    TRY_ASSIGN(
        const auto query,
        m_connection->query("INSERT INTO enrollment (id, etag, document) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
                            {keyOf(enrollment.registrationId), toQString(enrollment.etag), documentOf(enrollment)}));
    return doneOr(query, WriteOutcome::AlreadyThere);
}

/// One UPDATE compares the ETag and writes, so that of two clients with the same ETag one alone succeeds.
Result<WriteOutcome> SqliteEnrollmentList::replace(const IndividualEnrollment& enrollment, const std::string& etag)
{
    return underWriteLock([&]() -> Result<WriteOutcome> {
        TRY_ASSIGN(const auto query,
                   m_connection->query("UPDATE enrollment SET etag = ?, document = ? WHERE id = ? AND etag = ?",
                                       {toQString(enrollment.etag), documentOf(enrollment),
                                        keyOf(enrollment.registrationId), toQString(etag)}));
        return query.changedRows() > 0
                   ? Result<WriteOutcome>{WriteOutcome::Done}
                   : outcomeOfMissedWrite(kEnrollmentThere, enrollment::registrationKey(enrollment.registrationId));
    });
}

Result<WriteOutcome> SqliteEnrollmentList::remove(const enrollment::RegistrationId& id, const std::string& etag)
{
    return underWriteLock([&]() -> Result<WriteOutcome> {
        TRY_ASSIGN(const auto query, m_connection->query("DELETE FROM enrollment WHERE id = ? AND etag = ?",
                                                         {keyOf(id), toQString(etag)}));
        return query.changedRows() > 0 ? Result<WriteOutcome>{WriteOutcome::Done}
                                       : outcomeOfMissedWrite(kEnrollmentThere, enrollment::registrationKey(id));
    });
}

Result<std::vector<IndividualEnrollment>> SqliteEnrollmentList::page(const std::string& afterKey, std::size_t most)
{
    TRY_ASSIGN(auto query, m_connection->query("SELECT id, document FROM enrollment WHERE id > ? ORDER BY id LIMIT ?",
                                               {toQString(afterKey), static_cast<qint64>(most)}));
    std::vector<IndividualEnrollment> enrollments;
    TRY(query.forEach([this, &enrollments](const sqlite::Statement& row) -> Result<void> {
        TRY_ASSIGN(auto enrollment, (StoredDocument{*m_connection, row}.asEnrollment()));
        enrollments.push_back(std::move(enrollment));
        return {};
    }));
    return enrollments;
}

Result<std::string> SqliteEnrollmentList::requireReadable(const std::string& afterKey, std::size_t most)
{
    TRY_ASSIGN(auto query, m_connection->query("SELECT e.id, e.document, r.document FROM enrollment e"
                                               " LEFT JOIN registration r ON r.id = e.id"
                                               " WHERE e.id > ? ORDER BY e.id LIMIT ?",
                                               {toQString(afterKey), static_cast<qint64>(most)}));
    std::size_t read = 0;
    std::string last;
    TRY(query.forEach([this, &read, &last](const sqlite::Statement& row) -> Result<void> {
        TRY((StoredDocument{*m_connection, row}.asEnrollment()));
        if (!row.isNull(2)) {
            TRY((StoredDocument{*m_connection, row, 2}.asState()));
        }
        last = row.text(0);
        ++read;
        return {};
    }));
    return read < most ? std::string{} : last;
}

Result<std::optional<RegistrationState>> SqliteEnrollmentList::registration(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(auto query, m_connection->query("SELECT id, document FROM registration WHERE id = ?", {keyOf(id)}));
    TRY_ASSIGN(const bool there, query.next());
    if (!there) {
        return std::optional<RegistrationState>{};
    }
    TRY_ASSIGN(auto state, (StoredDocument{*m_connection, query}.asState()));
    return std::optional{std::move(state)};
}

Result<WriteOutcome> SqliteEnrollmentList::removeRegistration(const enrollment::RegistrationId& id,
                                                              const std::string& etag)
{
    return underWriteLock([&]() -> Result<WriteOutcome> {
        TRY_ASSIGN(const auto query, m_connection->query("DELETE FROM registration WHERE id = ? AND etag = ?",
                                                         {keyOf(id), toQString(etag)}));
        if (query.changedRows() == 0) {
            return outcomeOfMissedWrite(kRegistrationThere, enrollment::registrationKey(id));
        }
        // Both hold the hub and the key of the assignment that is removed.
        TRY(m_connection->execute("DELETE FROM challenge WHERE id = ?", {keyOf(id)}));
        TRY(m_connection->execute("DELETE FROM operation WHERE id = ?", {keyOf(id)}));
        return WriteOutcome::Done;
    });
}

Result<std::optional<SecretBytes>> SqliteEnrollmentList::hubDeviceKey(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(auto query,
               m_connection->query(
                   "SELECT hub_device_key FROM registration WHERE id = ? AND length(hub_device_key) > 0", {keyOf(id)}));
    TRY_ASSIGN(const bool there, query.next());
    if (!there) {
        return std::optional<SecretBytes>{};
    }
    return std::optional<SecretBytes>{query.secret(0)};
}

Result<WriteOutcome> SqliteEnrollmentList::keepChallenge(const PendingChallenge& challenge)
{
    return underWriteLock([&]() -> Result<WriteOutcome> {
        TRY_ASSIGN(const bool enrolled,
                   hasKey(kEnrollmentThere, enrollment::registrationKey(challenge.registrationId)));
        if (!enrolled) {
            return WriteOutcome::NotThere;
        }
        TRY(m_connection->execute("INSERT OR REPLACE INTO challenge (id, registration_id, challenge_id, id_key, "
                                  "endorsement_key, storage_root_key, expires_at_ms, operation_id) "
                                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                                  {keyOf(challenge.registrationId), toQString(challenge.registrationId.text()),
                                   toQString(challenge.challengeId), qt::toQByteArray(challenge.idKey.view()),
                                   qt::toQByteArray(challenge.endorsementKey),
                                   qt::toQByteArray(challenge.storageRootKey), millisecondsOf(challenge.expiresAt),
                                   toQString(challenge.operationId)}));
        return WriteOutcome::Done;
    });
}

Result<std::optional<PendingChallenge>> SqliteEnrollmentList::challenge(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(auto query,
               m_connection->query("SELECT registration_id, challenge_id, id_key, endorsement_key, storage_root_key, "
                                   "expires_at_ms, operation_id FROM challenge WHERE id = ?",
                                   {keyOf(id)}));
    TRY_ASSIGN(const bool there, query.next());
    if (!there) {
        return std::optional<PendingChallenge>{};
    }
    return std::optional{PendingChallenge{enrollment::RegistrationId{query.text(0)}, query.text(1), query.secret(2),
                                          toBytes(qt::viewOf(query.bytes(3))), toBytes(qt::viewOf(query.bytes(4))),
                                          timeOf(query.integer(5)), query.text(6)}};
}

Result<WriteOutcome> SqliteEnrollmentList::begin(const std::string& challengeId, const RegistrationOperation& operation)
{
    const auto& state = operation.state;
    const auto key = keyOf(state.registrationId);
    return underWriteLock([&]() -> Result<WriteOutcome> {
        TRY_ASSIGN(auto pending,
                   m_connection->query("SELECT challenge_id, operation_id FROM challenge WHERE id = ?", {key}));
        TRY_ASSIGN(const bool there, pending.next());
        if (!there) {
            return WriteOutcome::NotThere;
        }
        if (pending.text(0) != challengeId) {
            return WriteOutcome::Changed;
        }
        if (!pending.value(1).toString().isEmpty()) {
            return WriteOutcome::AlreadyThere;
        }
        // Old operations are removed here, where the write lock is held anyway, and not by a job of its own.
        TRY(m_connection->execute("DELETE FROM operation WHERE id = ? AND begun_at_ms < ?",
                                  {key, millisecondsOf(state.createdAt - kOperationLifetime)}));
        TRY(m_connection->execute("INSERT INTO operation (operation_id, id, status, document, id_key, "
                                  "endorsement_key, storage_root_key, hub_key_blob, begun_at_ms) "
                                  "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                                  {toQString(operation.operationId), key,
                                   toQString(registrationStatusText(state.status)), documentOf(state),
                                   qt::toQByteArray(operation.idKey.view()), qt::toQByteArray(operation.endorsementKey),
                                   qt::toQByteArray(operation.storageRootKey), qt::toQByteArray(operation.hubKeyBlob),
                                   millisecondsOf(state.createdAt)}));
        TRY(m_connection->execute("UPDATE challenge SET operation_id = ? WHERE id = ?",
                                  {toQString(operation.operationId), key}));
        return WriteOutcome::Done;
    });
}

Result<std::optional<RegistrationOperation>> SqliteEnrollmentList::operation(const std::string& operationId)
{
    TRY_ASSIGN(auto query, m_connection->query(
                               "SELECT operation_id, id_key, endorsement_key, storage_root_key, document, hub_key_blob "
                               "FROM operation WHERE operation_id = ?",
                               {toQString(operationId)}));
    TRY_ASSIGN(const bool there, query.next());
    if (!there) {
        return std::optional<RegistrationOperation>{};
    }
    TRY_ASSIGN(auto state, (StoredDocument{*m_connection, query, 4}.asOperation()));
    return std::optional{RegistrationOperation{query.text(0), query.secret(1), toBytes(qt::viewOf(query.bytes(2))),
                                               toBytes(qt::viewOf(query.bytes(3))), std::move(state),
                                               toBytes(qt::viewOf(query.bytes(5)))}};
}

Result<WriteOutcome> SqliteEnrollmentList::settle(const Settlement& settlement)
{
    return underWriteLock([this, &settlement]() -> Result<WriteOutcome> { return putSettlement(settlement); });
}

/// Stores the outcome only if both ETags are still those that it was computed from. registration.etag is NULL, and
/// reads as an empty text, if there was no registration state: Settlement::previousEtag is empty then, too.
Result<WriteOutcome> SqliteEnrollmentList::putSettlement(const Settlement& settlement)
{
    TRY_ASSIGN(auto query, m_connection->query(
                               "SELECT operation.id, operation.status, enrollment.etag, registration.etag, "
                               "length(registration.hub_device_key) FROM operation "
                               "JOIN enrollment USING (id) LEFT JOIN registration USING (id) WHERE operation_id = ?",
                               {toQString(settlement.operationId)}));
    TRY_ASSIGN(const bool there, query.next());
    if (!there) {
        return WriteOutcome::NotThere;
    }
    if (query.text(1) != registrationStatusText(RegistrationStatus::Assigning)) {
        return WriteOutcome::AlreadyThere;
    }
    if (query.text(2) != settlement.enrollmentEtag || query.text(3) != settlement.previousEtag) {
        return WriteOutcome::Changed;
    }
    TRY(m_connection->execute("UPDATE operation SET status = ?, document = ?, hub_key_blob = ? "
                              "WHERE operation_id = ?",
                              {toQString(registrationStatusText(settlement.state.status)), documentOf(settlement.state),
                               qt::toQByteArray(settlement.hubKeyBlob), toQString(settlement.operationId)}));
    // A refusal does not replace the state of a device that has its hub key: it is still assigned there.
    const bool hasKey = query.value(4).toInt() > 0;
    if (settlement.state.status == RegistrationStatus::Assigned || !hasKey) {
        TRY(m_connection->execute("INSERT OR REPLACE INTO registration (id, etag, document, hub_device_key) "
                                  "VALUES (?, ?, ?, ?)",
                                  {query.value(0), toQString(settlement.state.etag), documentOf(settlement.state),
                                   qt::toQByteArray(settlement.hubDeviceKey.view())}));
    }
    return WriteOutcome::Done;
}

Result<bool> SqliteEnrollmentList::hasKey(const char* select, const std::string& key)
{
    TRY_ASSIGN(auto query, m_connection->query(select, {toQString(key)}));
    return query.next();
}

/// Why a write with an ETag has changed no row: the row has another ETag, or it does not exist. Inside the same
/// transaction, so that the answer cannot change in between.
Result<WriteOutcome> SqliteEnrollmentList::outcomeOfMissedWrite(const char* select, const std::string& key)
{
    TRY_ASSIGN(const bool there, hasKey(select, key));
    return there ? WriteOutcome::Changed : WriteOutcome::NotThere;
}

} // namespace enroll::db::enrollment_list
