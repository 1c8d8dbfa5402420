#include "db/enrollment_list/sqlite_enrollment_list.h"

#include "core/base/station_code.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/member_reader.h"
#include "db/enrollment_list/schema.h"
#include "db/enrollment_list/sqlite_session.h"

#include <QJsonDocument>

namespace enroll::db::enrollment_list {

using namespace provisioning;
using documents::toQString;

namespace {

/// How long the outcome of a registration can be asked for: the longest any client's signature lives.
constexpr std::chrono::hours kOperationLifetime{24};

QString keyOf(const enrollment::RegistrationId& id)
{
    return toQString(enrollment::registrationKey(id));
}

qint64 millisecondsOf(UtcTime time)
{
    return time.time_since_epoch().count();
}

UtcTime timeOf(const QVariant& milliseconds)
{
    return UtcTime{std::chrono::milliseconds{milliseconds.toLongLong()}};
}

template <class Value>
QString documentOf(const Value& value)
{
    return QString::fromUtf8(QJsonDocument{documents::toJson(value)}.toJson(QJsonDocument::Compact));
}

QJsonObject objectOf(const QVariant& document)
{
    return QJsonDocument::fromJson(document.toString().toUtf8()).object();
}

/// Only this class writes the documents: one that cannot be read has been damaged since.
Error damaged(const Error& cause)
{
    return makeError(StationCode::JournalCannotSave, "a stored document cannot be read: " + cause.what);
}

Result<IndividualEnrollment> storedEnrollment(const QVariant& document)
{
    auto value = documents::individualEnrollmentFromJson(objectOf(document));
    return value.ok() ? std::move(value) : damaged(value.error());
}

Result<RegistrationState> storedState(const QVariant& document)
{
    auto value = documents::registrationStateFromJson(objectOf(document));
    return value.ok() ? std::move(value) : damaged(value.error());
}

WriteOutcome doneOr(const QSqlQuery& query, WriteOutcome otherwise)
{
    return query.numRowsAffected() > 0 ? WriteOutcome::Done : otherwise;
}

} // namespace

SqliteEnrollmentList::SqliteEnrollmentList(std::unique_ptr<SqliteSession> session) : m_session(std::move(session)) {}

SqliteEnrollmentList::~SqliteEnrollmentList() = default;

Result<std::unique_ptr<SqliteEnrollmentList>> SqliteEnrollmentList::open(const std::filesystem::path& file)
{
    TRY_ASSIGN(auto session, SqliteSession::open(file));
    TRY(requireSchema(*session));
    return std::unique_ptr<SqliteEnrollmentList>{new SqliteEnrollmentList{std::move(session)}};
}

Result<std::optional<IndividualEnrollment>> SqliteEnrollmentList::enrollment(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(auto query, m_session->run(QStringLiteral("SELECT document FROM enrollment WHERE id = ?"), {keyOf(id)}));
    if (!TRY(step(query))) {
        return std::optional<IndividualEnrollment>{};
    }
    return std::optional{TRY(storedEnrollment(query.value(0)))};
}

Result<WriteOutcome> SqliteEnrollmentList::insert(const IndividualEnrollment& enrollment)
{
    TRY_ASSIGN(
        const auto query,
        m_session->run(
            QStringLiteral("INSERT INTO enrollment (id, etag, document) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING"),
            {keyOf(enrollment.registrationId), toQString(enrollment.etag), documentOf(enrollment)}));
    return doneOr(query, WriteOutcome::AlreadyThere);
}

Result<WriteOutcome> SqliteEnrollmentList::replace(const IndividualEnrollment& enrollment, const std::string& etag)
{
    return m_session->inTransaction<WriteOutcome>([&]() -> Result<WriteOutcome> {
        TRY_ASSIGN(
            const auto query,
            m_session->run(QStringLiteral("UPDATE enrollment SET etag = ?, document = ? WHERE id = ? AND etag = ?"),
                           {toQString(enrollment.etag), documentOf(enrollment), keyOf(enrollment.registrationId),
                            toQString(etag)}));
        return query.numRowsAffected() > 0
                   ? Result<WriteOutcome>{WriteOutcome::Done}
                   : outcomeOfMissedWrite("enrollment", enrollment::registrationKey(enrollment.registrationId));
    });
}

Result<WriteOutcome> SqliteEnrollmentList::remove(const enrollment::RegistrationId& id, const std::string& etag)
{
    return m_session->inTransaction<WriteOutcome>([&]() -> Result<WriteOutcome> {
        TRY_ASSIGN(const auto query, m_session->run(QStringLiteral("DELETE FROM enrollment WHERE id = ? AND etag = ?"),
                                                    {keyOf(id), toQString(etag)}));
        return query.numRowsAffected() > 0 ? Result<WriteOutcome>{WriteOutcome::Done}
                                           : outcomeOfMissedWrite("enrollment", enrollment::registrationKey(id));
    });
}

Result<std::vector<IndividualEnrollment>> SqliteEnrollmentList::page(const std::string& afterKey, std::size_t most)
{
    TRY_ASSIGN(auto query,
               m_session->run(QStringLiteral("SELECT document FROM enrollment WHERE id > ? ORDER BY id LIMIT ?"),
                              {toQString(afterKey), static_cast<qint64>(most)}));
    std::vector<IndividualEnrollment> enrollments;
    while (TRY(step(query))) {
        enrollments.push_back(TRY(storedEnrollment(query.value(0))));
    }
    return enrollments;
}

Result<std::optional<RegistrationState>> SqliteEnrollmentList::registration(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(auto query,
               m_session->run(QStringLiteral("SELECT document FROM registration WHERE id = ?"), {keyOf(id)}));
    if (!TRY(step(query))) {
        return std::optional<RegistrationState>{};
    }
    return std::optional{TRY(storedState(query.value(0)))};
}

Result<WriteOutcome> SqliteEnrollmentList::removeRegistration(const enrollment::RegistrationId& id,
                                                              const std::string& etag)
{
    return m_session->inTransaction<WriteOutcome>([&]() -> Result<WriteOutcome> {
        TRY_ASSIGN(const auto query,
                   m_session->run(QStringLiteral("DELETE FROM registration WHERE id = ? AND etag = ?"),
                                  {keyOf(id), toQString(etag)}));
        if (query.numRowsAffected() == 0) {
            return outcomeOfMissedWrite("registration", enrollment::registrationKey(id));
        }
        // Both would still tell the device where it was assigned to, and with which key.
        TRY(m_session->run(QStringLiteral("DELETE FROM challenge WHERE id = ?"), {keyOf(id)}));
        TRY(m_session->run(QStringLiteral("DELETE FROM operation WHERE id = ?"), {keyOf(id)}));
        return WriteOutcome::Done;
    });
}

Result<std::optional<SecretBytes>> SqliteEnrollmentList::hubDeviceKey(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(
        auto query,
        m_session->run(
            QStringLiteral("SELECT hub_device_key FROM registration WHERE id = ? AND length(hub_device_key) > 0"),
            {keyOf(id)}));
    if (!TRY(step(query))) {
        return std::optional<SecretBytes>{};
    }
    return std::optional<SecretBytes>{secretOf(query.value(0))};
}

Result<WriteOutcome> SqliteEnrollmentList::keepChallenge(const PendingChallenge& challenge)
{
    return m_session->inTransaction<WriteOutcome>([&]() -> Result<WriteOutcome> {
        if (!TRY(hasEnrollment(enrollment::registrationKey(challenge.registrationId)))) {
            return WriteOutcome::NotThere;
        }
        TRY(m_session->run(
            QStringLiteral("INSERT OR REPLACE INTO challenge (id, registration_id, challenge_id, id_key, "
                           "endorsement_key, storage_root_key, expires_at_ms, operation_id) "
                           "VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
            {keyOf(challenge.registrationId), toQString(challenge.registrationId.text()),
             toQString(challenge.challengeId), blob(challenge.idKey.view()), blob(challenge.endorsementKey),
             blob(challenge.storageRootKey), millisecondsOf(challenge.expiresAt), toQString(challenge.operationId)}));
        return WriteOutcome::Done;
    });
}

Result<std::optional<PendingChallenge>> SqliteEnrollmentList::challenge(const enrollment::RegistrationId& id)
{
    TRY_ASSIGN(auto query,
               m_session->run(
                   QStringLiteral("SELECT registration_id, challenge_id, id_key, endorsement_key, storage_root_key, "
                                  "expires_at_ms, operation_id FROM challenge WHERE id = ?"),
                   {keyOf(id)}));
    if (!TRY(step(query))) {
        return std::optional<PendingChallenge>{};
    }
    return std::optional{PendingChallenge{enrollment::RegistrationId{textOf(query.value(0))}, textOf(query.value(1)),
                                          secretOf(query.value(2)), bytesOf(query.value(3)), bytesOf(query.value(4)),
                                          timeOf(query.value(5)), textOf(query.value(6))}};
}

Result<WriteOutcome> SqliteEnrollmentList::begin(const std::string& challengeId, const RegistrationOperation& operation)
{
    const auto& state = operation.state;
    const auto key = keyOf(state.registrationId);
    return m_session->inTransaction<WriteOutcome>([&]() -> Result<WriteOutcome> {
        TRY_ASSIGN(
            auto pending,
            m_session->run(QStringLiteral("SELECT challenge_id, operation_id FROM challenge WHERE id = ?"), {key}));
        if (!TRY(step(pending))) {
            return WriteOutcome::NotThere;
        }
        if (textOf(pending.value(0)) != challengeId) {
            return WriteOutcome::Changed;
        }
        if (!pending.value(1).toString().isEmpty()) {
            return WriteOutcome::AlreadyThere;
        }
        TRY(m_session->run(QStringLiteral("DELETE FROM operation WHERE id = ? AND begun_at_ms < ?"),
                           {key, millisecondsOf(state.createdAt - kOperationLifetime)}));
        TRY(m_session->run(QStringLiteral("INSERT INTO operation (operation_id, id, status, document, id_key, "
                                          "endorsement_key, storage_root_key, hub_key_blob, begun_at_ms) "
                                          "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"),
                           {toQString(operation.operationId), key, toQString(registrationStatusText(state.status)),
                            documentOf(state), blob(operation.idKey.view()), blob(operation.endorsementKey),
                            blob(operation.storageRootKey), blob(operation.hubKeyBlob),
                            millisecondsOf(state.createdAt)}));
        TRY(m_session->run(QStringLiteral("UPDATE challenge SET operation_id = ? WHERE id = ?"),
                           {toQString(operation.operationId), key}));
        return WriteOutcome::Done;
    });
}

Result<std::optional<RegistrationOperation>> SqliteEnrollmentList::operation(const std::string& operationId)
{
    TRY_ASSIGN(
        auto query,
        m_session->run(
            QStringLiteral("SELECT operation_id, id_key, endorsement_key, storage_root_key, document, hub_key_blob "
                           "FROM operation WHERE operation_id = ?"),
            {toQString(operationId)}));
    if (!TRY(step(query))) {
        return std::optional<RegistrationOperation>{};
    }
    TRY_ASSIGN(auto state, storedState(query.value(4)));
    return std::optional{RegistrationOperation{textOf(query.value(0)), secretOf(query.value(1)),
                                               bytesOf(query.value(2)), bytesOf(query.value(3)), std::move(state),
                                               bytesOf(query.value(5))}};
}

Result<WriteOutcome> SqliteEnrollmentList::settle(const Settlement& settlement)
{
    return m_session->inTransaction<WriteOutcome>(
        [this, &settlement]() -> Result<WriteOutcome> { return putSettlement(settlement); });
}

Result<WriteOutcome> SqliteEnrollmentList::putSettlement(const Settlement& settlement)
{
    TRY_ASSIGN(
        auto query,
        m_session->run(
            QStringLiteral("SELECT operation.id, operation.status, enrollment.etag, registration.etag, "
                           "length(registration.hub_device_key) FROM operation "
                           "JOIN enrollment USING (id) LEFT JOIN registration USING (id) WHERE operation_id = ?"),
            {toQString(settlement.operationId)}));
    if (!TRY(step(query))) {
        return WriteOutcome::NotThere;
    }
    if (textOf(query.value(1)) != registrationStatusText(RegistrationStatus::Assigning)) {
        return WriteOutcome::AlreadyThere;
    }
    if (textOf(query.value(2)) != settlement.enrollmentEtag || textOf(query.value(3)) != settlement.previousEtag) {
        return WriteOutcome::Changed;
    }
    TRY(m_session->run(QStringLiteral("UPDATE operation SET status = ?, document = ?, hub_key_blob = ? "
                                      "WHERE operation_id = ?"),
                       {toQString(registrationStatusText(settlement.state.status)), documentOf(settlement.state),
                        blob(settlement.hubKeyBlob), toQString(settlement.operationId)}));
    const bool hasKey = query.value(4).toInt() > 0;
    if (settlement.state.status == RegistrationStatus::Assigned || !hasKey) {
        TRY(m_session->run(QStringLiteral("INSERT OR REPLACE INTO registration (id, etag, document, hub_device_key) "
                                          "VALUES (?, ?, ?, ?)"),
                           {query.value(0), toQString(settlement.state.etag), documentOf(settlement.state),
                            blob(settlement.hubDeviceKey.view())}));
    }
    return WriteOutcome::Done;
}

Result<bool> SqliteEnrollmentList::hasEnrollment(const std::string& key)
{
    TRY_ASSIGN(auto query, m_session->run(QStringLiteral("SELECT 1 FROM enrollment WHERE id = ?"), {toQString(key)}));
    return step(query);
}

Result<WriteOutcome> SqliteEnrollmentList::outcomeOfMissedWrite(const char* table, const std::string& key)
{
    TRY_ASSIGN(auto query, m_session->run(QStringLiteral("SELECT 1 FROM %1 WHERE id = ?").arg(QLatin1String(table)),
                                          {toQString(key)}));
    return TRY(step(query)) ? WriteOutcome::Changed : WriteOutcome::NotThere;
}

} // namespace enroll::db::enrollment_list
