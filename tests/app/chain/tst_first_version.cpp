#include "tests/app/chain/station_directory.h"
#include "tests/support/service_process.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

using namespace enroll::test;

namespace {

/// A station of today's program whose data directory holds a journal that version 0.1.0 wrote. The file is never made
/// anew: see the README beside it.
class FrozenStation {
public:
    FrozenStation(const QString& journal, const QString& destination, const ServiceProcess& service)
        : m_station(service.directory())
    {
        const auto target = m_station.path(QStringLiteral("data/journal.sqlite"));
        if (!QDir{m_station.path({})}.mkpath(QStringLiteral("data")) ||
            !QFile::copy(QStringLiteral(ENROLL_TEST_DATA "/journal/") + journal + QStringLiteral("/journal.sqlite"),
                         target) ||
            !QFile::setPermissions(target, QFile::ReadOwner | QFile::WriteOwner)) {
            qFatal("the journal cannot be copied");
        }
        nameDestination(destination);
        m_upload = {QStringLiteral("upload"), QStringLiteral("--destination"), destination};
    }

    /// What the command says with its exit code; the test fails on another.
    [[nodiscard]] QJsonObject said(const QStringList& arguments, int exitCode = 0) const
    {
        const auto run = m_station.run(arguments);
        if (run.exitCode != exitCode) {
            QTest::qFail(run.errors.constData(), __FILE__, __LINE__);
        }
        return run.document();
    }

    [[nodiscard]] QJsonObject upload() const { return said(m_upload); }
    [[nodiscard]] QJsonObject uploadBesideRejected() const { return said(m_upload, 13); }

    void requireIntact(int entries) const
    {
        const auto verified = said({QStringLiteral("journal"), QStringLiteral("verify")});
        QVERIFY(verified.value(QStringLiteral("intact")).toBool());
        QCOMPARE(verified.value(QStringLiteral("entries")).toInt(), entries);
        QCOMPARE(verified.value(QStringLiteral("notUnderstood")).toObject().value(QStringLiteral("entries")).toInt(),
                 0);
    }

    /// A member of each run, the newest first, as `runs list` tells it; `runs show` must know each of them.
    [[nodiscard]] QStringList runs(const QString& member) const
    {
        QStringList values;
        const auto rows =
            said({QStringLiteral("runs"), QStringLiteral("list")}).value(QStringLiteral("runs")).toArray();
        for (const auto& row : rows) {
            const auto listed = row.toObject();
            const auto runId = listed.value(QStringLiteral("runId")).toString();
            const auto shown = said({QStringLiteral("runs"), QStringLiteral("show"), runId});
            if (shown.value(QStringLiteral("runId")) != runId ||
                shown.value(QStringLiteral("outcome")) != listed.value(QStringLiteral("outcome"))) {
                QTest::qFail(qPrintable(runId), __FILE__, __LINE__);
            }
            values.append(listed.value(member).toString());
        }
        return values;
    }

    /// Where the record with this id stands at the destination.
    [[nodiscard]] QString recordState(const QString& serial) const
    {
        const auto rows = said({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--serial"), serial});
        const auto newest = rows.value(QStringLiteral("runs")).toArray().first().toObject();
        return newest.value(QStringLiteral("recordState")).toString();
    }

    /// The lines of a file that is exported as \p format.
    [[nodiscard]] int exportedLines(const QString& format) const
    {
        const auto file = m_station.path(QStringLiteral("export.") + format);
        static_cast<void>(
            said({QStringLiteral("export"), QStringLiteral("--format"), format, QStringLiteral("--output"), file}));
        QFile exported{file};
        return exported.open(QIODevice::ReadOnly) ? static_cast<int>(exported.readAll().count('\n')) : -1;
    }

private:
    /// As the journal's outbox entries name it.
    void nameDestination(const QString& destination) const
    {
        QFile file{m_station.path(QStringLiteral("station.toml"))};
        if (!file.open(QIODevice::ReadWrite)) {
            qFatal("the configuration cannot be opened");
        }
        auto text = file.readAll();
        text.replace("name = \"service\"", QByteArray{"name = \"" + destination.toUtf8() + "\""});
        if (!file.resize(0) || !file.seek(0) || file.write(text) != text.size()) {
            qFatal("the configuration cannot be changed");
        }
    }

    StationDirectory m_station;
    QStringList m_upload;
};

int count(const QJsonObject& report, const char* member)
{
    return report.value(QLatin1String(member)).toInt(-1);
}

} // namespace

class tst_first_version : public QObject {
    Q_OBJECT

    ServiceProcess m_service;
    FrozenStation m_outcomes{QStringLiteral("v1"), QStringLiteral("cloud"), m_service};
    FrozenStation m_deliveries{QStringLiteral("v1-deliveries"), QStringLiteral("service"), m_service};

private Q_SLOTS:
    void isIntactAndUnderstood()
    {
        m_outcomes.requireIntact(19);
        m_deliveries.requireIntact(29);
    }

    void showsEveryRunOfEveryOutcome()
    {
        const QStringList expected{QStringLiteral("pass"), QStringLiteral("station-fault"), QStringLiteral("aborted"),
                                   QStringLiteral("fail"), QStringLiteral("fail"),          QStringLiteral("hold"),
                                   QStringLiteral("pass"), QStringLiteral("pass")};
        QCOMPARE(m_outcomes.runs(QStringLiteral("outcome")), expected);
    }

    void showsHowFarEveryRecordIs()
    {
        const QStringList expected{QStringLiteral("queued"),
                                   QStringLiteral("sent"),
                                   QString{},
                                   QString{},
                                   QString{},
                                   QString{},
                                   QString{},
                                   QStringLiteral("rejected"),
                                   QStringLiteral("accepted"),
                                   QStringLiteral("accepted"),
                                   QString{}};
        QCOMPARE(m_deliveries.runs(QStringLiteral("recordState")), expected);
    }

    void isExportedWhole()
    {
        QCOMPARE(m_outcomes.exportedLines(QStringLiteral("jsonl")), 8);
        QCOMPARE(m_outcomes.exportedLines(QStringLiteral("csv")), 9); // a head and a line a run
        QCOMPARE(m_deliveries.exportedLines(QStringLiteral("jsonl")), 11);
    }

    /// Two records were accepted when the file was made, one was waiting.
    void sendsWhatWaitedAndNothingTwice()
    {
        const auto sent = m_outcomes.upload();
        QCOMPARE(count(sent, "accepted"), 1);
        QCOMPARE(count(sent, "left"), 0);
        QCOMPARE(count(m_outcomes.upload(), "accepted"), 0);
        m_outcomes.requireIntact(21); // sent, accepted
    }

    /// The service of this test holds neither: the record that had been sent never arrived.
    void sendsAgainWhatWasSentAndNeverArrived()
    {
        const auto sent = m_deliveries.uploadBesideRejected();
        QCOMPARE(count(sent, "accepted"), 2);
        QCOMPARE(count(sent, "left"), 0);
        QCOMPARE(m_deliveries.recordState(QStringLiteral("GX-000006")), QStringLiteral("accepted"));
        QCOMPARE(m_deliveries.recordState(QStringLiteral("GX-000007")), QStringLiteral("accepted"));
    }

    /// Another copy of the journal finds at the service what the first one brought there: the record that it had sent
    /// has arrived after all, and so has the one that waited.
    void takesWhatArrivedForAccepted()
    {
        const FrozenStation again{QStringLiteral("v1-deliveries"), QStringLiteral("service"), m_service};
        const auto sent = again.uploadBesideRejected();
        QCOMPARE(count(sent, "accepted"), 2);
        QVERIFY(sent.value(QStringLiteral("rejected")).toArray().isEmpty());
        QCOMPARE(count(sent, "left"), 0);
        again.requireIntact(29 + 3); // GX-000006 accepted; GX-000007 sent, accepted
    }

    void leavesARejectedRecordAlone()
    {
        QCOMPARE(m_deliveries.recordState(QStringLiteral("GX-000002")), QStringLiteral("rejected"));
        QCOMPARE(count(m_deliveries.uploadBesideRejected(), "accepted"), 0);
    }
};

QTEST_GUILESS_MAIN(tst_first_version)
#include "tst_first_version.moc"
