#include "tests/app/enrollctl/upload_room.h"

#include "db/journal/open_journal.h"
#include "tests/support/journal_fixture.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

namespace enroll::test {

QString idOf(int device)
{
    return QString::fromStdString(DeviceFigure{device}.registrationId().text());
}

RefusingService::RefusingService()
{
    m_server.otherwise([this](const RecordedRequest& request) { return answer(request); });
}

void RefusingService::refuse(Refuses what, int errorCode, QByteArray message, std::set<QString> ids)
{
    const std::scoped_lock lock{m_mutex};
    m_refuses = what;
    m_errorCode = errorCode;
    m_message = std::move(message);
    m_refusedIds = std::move(ids);
}

std::size_t RefusingService::held() const
{
    const std::scoped_lock lock{m_mutex};
    return m_held.size();
}

int RefusingService::createdTwice() const
{
    const std::scoped_lock lock{m_mutex};
    return m_createdTwice;
}

ScriptedAnswer RefusingService::answer(const RecordedRequest& request)
{
    const std::scoped_lock lock{m_mutex};
    if (m_refuses == Refuses::EveryCall) {
        return refusal(m_errorCode, m_message);
    }
    return request.method == "POST" ? create(request) : show(request);
}

ScriptedAnswer RefusingService::create(const RecordedRequest& request)
{
    QJsonArray errors;
    const auto sent = QJsonDocument::fromJson(request.body)[QStringLiteral("enrollments")].toArray();
    for (const auto& item : sent) {
        const auto id = item.toObject().value(QStringLiteral("registrationId")).toString();
        if (m_refuses == Refuses::EveryItem || m_refusedIds.contains(id)) {
            auto words = QString::fromUtf8(m_message);
            if (m_refuses == Refuses::Some) {
                words += QLatin1String(" of ") + id; // a refusal of this record alone has words of its own
            }
            errors.append(QJsonObject{{QStringLiteral("registrationId"), id},
                                      {QStringLiteral("errorCode"), m_errorCode},
                                      {QStringLiteral("errorStatus"), words}});
            continue;
        }
        m_createdTwice += m_held.contains(id) ? 1 : 0;
        m_held.insert(id, item.toObject());
    }
    const QJsonObject result{{QStringLiteral("isSuccessful"), errors.isEmpty()}, {QStringLiteral("errors"), errors}};
    return {.body = QJsonDocument{result}.toJson()};
}

ScriptedAnswer RefusingService::show(const RecordedRequest& request) const
{
    const auto path = QString::fromStdString(request.target).section(QLatin1Char('?'), 0, 0);
    const auto found = m_held.find(path.section(QLatin1Char('/'), -1));
    return found == m_held.end() ? refusal(404201) : ScriptedAnswer{.body = QJsonDocument{*found}.toJson()};
}

void UploadRoom::openRoom()
{
    m_service = std::make_unique<RefusingService>();
    m_ctl = std::make_unique<EnrollctlProcess>();
    const auto secret = m_ctl->write(QStringLiteral("connection-string"),
                                     "HostName=" + QByteArray::fromStdString(m_service->server().authority()) +
                                         ";SharedAccessKeyName=p;SharedAccessKey=a2V5");
    QVERIFY(QFile::setPermissions(secret, QFile::ReadOwner | QFile::WriteOwner));
    m_ctl->write(QStringLiteral("open.profile.toml"),
                 "schema = 1\nname = \"Open\"\nversion = \"1\"\n[certificate]\nrequire = \"none\"\n");
    nameDestination("cloud");
}

void UploadRoom::nameDestination(const QByteArray& name) const
{
    m_ctl->write(QStringLiteral("station.toml"),
                 "schema = 1\n[station]\nprofile = \"open.profile.toml\"\n[[slot]]\nnumber = 1\n"
                 "device = \"tcp://127.0.0.1:1\"\n[[destination]]\nname = \"" +
                     name +
                     "\"\nkind = \"dps\"\n"
                     "connection_string_file = \"connection-string\"\nca_file = \"" +
                     QByteArray::fromStdString(m_service->server().caFile()) + "\"\n");
}

void UploadRoom::record(int from, int to) const
{
    const auto journal = require(db::journal::SqliteJournal::open(
        {.dataDirectory = m_ctl->dataDirectory().toStdString(), .destinations = {kCloud}}));
    for (int device = from; device <= to; ++device) {
        const DeviceFigure figure{device};
        const auto run = figure.passingRun();
        require(journal->commit(run, figure.recordOf(run)));
    }
}

QJsonObject UploadRoom::lastAct() const
{
    const auto listed = m_ctl->run({QStringLiteral("journal"), QStringLiteral("acts"), QStringLiteral("--json")});
    const auto acts = listed.document().value(QStringLiteral("acts")).toArray();
    return acts.isEmpty() ? QJsonObject{} : acts.last().toObject();
}

QStringList UploadRoom::uploadArguments(const QStringList& more)
{
    return QStringList{QStringLiteral("upload"), QStringLiteral("--json")} + more;
}

void UploadRoom::rejectedAre(std::initializer_list<int> devices)
{
    std::set<QString> ids;
    for (const int device : devices) {
        ids.insert(idOf(device));
    }
    m_service->refuse(RefusingService::Refuses::Some, 400004, "bad key", ids);
    const auto run = upload();
    QCOMPARE(run.exitCode, 13);
    QCOMPARE(run.document().value(QStringLiteral("rejected")).toArray().size(), static_cast<qsizetype>(devices.size()));
}

QByteArray UploadRoom::bodyOf(std::int64_t seq) const
{
    const auto database = require(db::journal::connectTo(db::journal::journalFile(data()), db::sqlite::Access::ReadOnly,
                                                         std::chrono::milliseconds{5000}));
    auto row = require(database->query("SELECT body FROM chain_entry WHERE seq = ?", {static_cast<qlonglong>(seq)}));
    return require(row.next()) ? row.bytes(0) : QByteArray{};
}

} // namespace enroll::test
