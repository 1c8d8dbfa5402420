#include "tests/app/enrollctl/enrollctl_process.h"

#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

using namespace enroll::test;

namespace {

constexpr int kLongestRunMs = 60'000;

QStringList adding(const char* id, const char* name)
{
    return {QStringLiteral("people"), QStringLiteral("add"),   QStringLiteral("--id"),  QString::fromLatin1(id),
            QStringLiteral("--name"), QString::fromUtf8(name), QStringLiteral("--json")};
}

/// A terminal with somebody before it.
class Terminal {
public:
    Terminal() : m_descriptor(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK))
    {
        if (::grantpt(m_descriptor) != 0 || ::unlockpt(m_descriptor) != 0) {
            std::abort();
        }
    }
    ~Terminal() { ::close(m_descriptor); }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    [[nodiscard]] QString name() const
    {
        return QString::fromLatin1(::ptsname(m_descriptor)); // NOLINT(concurrency-mt-unsafe): this thread alone
    }
    void type(const char* text) const { QVERIFY(::write(m_descriptor, text, std::strlen(text)) > 0); }
    /// Nothing that is typed from here on is shown.
    [[nodiscard]] bool hides() const
    {
        termios now{};
        return ::tcgetattr(m_descriptor, &now) == 0 && (now.c_lflag & static_cast<tcflag_t>(ECHO)) == 0;
    }
    [[nodiscard]] QByteArray shown() const
    {
        std::array<char, 4096> text{};
        const auto size = ::read(m_descriptor, text.data(), text.size());
        return {text.data(), std::max<ssize_t>(size, 0)};
    }

private:
    int m_descriptor;
};

} // namespace

/// Who may work at a station: the program with what a scanner or a script writes into it.
class TestEnrollctlPeople : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_ctl = std::make_unique<EnrollctlProcess>();
        configure("patterns = { operator = \"^B[0-9]{5}$\" }\n");
    }

    void whoIsAddedIsListedAndRemovedAgain()
    {
        const auto added = run(adding("ana", "Ana M."), "B00001\n");
        QCOMPARE(added.exitCode, 0);
        QVERIFY(added.isOneDocument());
        QCOMPARE(run(adding("ben", "Ben K."), "B00002\n").exitCode, 0);
        const auto listed = run({QStringLiteral("people"), QStringLiteral("list"), QStringLiteral("--json")}, {});
        const auto people = listed.document().value(QStringLiteral("people")).toArray();
        QCOMPARE(people.size(), 2);
        QCOMPARE(people[0].toObject().value(QStringLiteral("name")).toString(), QStringLiteral("Ana M."));
        QCOMPARE(people[1].toObject().value(QStringLiteral("role")).toString(), QStringLiteral("technician"));
        QCOMPARE(removing("ana").exitCode, 0);
        QCOMPARE(removing("ana").exitCode, 2);                       // she is gone
        QCOMPARE(run(adding("eve", "Eve"), "B00001\n").exitCode, 0); // her badge went to another
    }

    void whoIsRemovedNeedsNoOptionBeforeTheId()
    {
        QCOMPARE(run(adding("ana", "Ana M."), "B00001\n").exitCode, 0);
        QCOMPARE(run(adding("ben", "Ben K."), "B00002\n").exitCode, 0);
        const QStringList removing{QStringLiteral("people"), QStringLiteral("remove")};
        QCOMPARE(run(removing, {}).exitCode, 2);
        QCOMPARE(run(removing + QStringList{QStringLiteral("ana"), QStringLiteral("ben")}, {}).exitCode, 2);
        QCOMPARE(run(removing + QStringList{QStringLiteral("ana"), QStringLiteral("--id"), QStringLiteral("ben")}, {})
                     .exitCode,
                 2);
        QCOMPARE(count(), 2);
        const auto removed = run(removing + QStringList{QStringLiteral("ana")}, {});
        QVERIFY2(removed.exitCode == 0, removed.errors.constData());
        QVERIFY2(removed.output.startsWith("removed ana  Ana M."), removed.output.constData());
        QCOMPARE(count(), 1);
    }

    void theJournalHoldsWhoChangedThePeople()
    {
        const auto unrecorded = run(adding("ana", "Ana M."), "B00001\n");
        QCOMPARE(unrecorded.exitCode, 0);
        QVERIFY(unrecorded.errors.contains("recorded nowhere"));
        beginJournal();

        QVERIFY(!run(adding("ben", "Ben K."), "B00002\n").errors.contains("recorded nowhere"));
        QCOMPARE(run(adding("ben", "Ben K."), "B00003\n").exitCode, 2); // nothing was done
        QCOMPARE(removing("ana").exitCode, 0);

        const auto acts = run({QStringLiteral("journal"), QStringLiteral("acts"), QStringLiteral("--json")}, {})
                              .document()
                              .value(QStringLiteral("acts"))
                              .toArray();
        QCOMPARE(acts.size(), 2);
        const auto member = [&](int act, const char* name) {
            return acts.at(act).toObject().value(QLatin1String(name)).toString();
        };
        QCOMPARE(member(0, "what"), QStringLiteral("person-added"));
        QCOMPARE(member(0, "person"), QStringLiteral("ben"));
        QCOMPARE(member(1, "what"), QStringLiteral("person-removed"));
        QCOMPARE(member(1, "person"), QStringLiteral("ana"));
        QCOMPARE(member(1, "stationId"), QStringLiteral("TEST-1"));
        QVERIFY(!member(1, "account").isEmpty());
    }

    /// Somebody who moves it away for a moment is not somebody whose journal was never begun.
    void withoutTheJournalThatWasBegunNothingIsDone()
    {
        QCOMPARE(run(adding("ana", "Ana M."), "B00001\n").exitCode, 0);
        beginJournal();
        hideJournal();
        for (const auto& refused : {run(adding("ben", "Ben K."), "B00002\n"), removing("ana"),
                                    run(pinOf("set-pin", "ana"), "4711\n"), run(pinOf("remove-pin", "ana"), {})}) {
            QVERIFY(refused.exitCode != 0);
            QVERIFY(!refused.errors.contains("recorded nowhere"));
        }
        QCOMPARE(count(), 1);
        QVERIFY(!hasPin(0));
    }

    /// The journal goes between the first look at it and the deed.
    void whatCannotBeRecordedIsNotDone()
    {
        QCOMPARE(run(adding("ana", "Ana M."), "B00001\n").exitCode, 0);
        beginJournal();
        const auto process = m_ctl->start(adding("ben", "Ben K."));
        QByteArray said;
        const auto asks = [&] {
            said += process->readAllStandardError();
            return said.contains("Scan the badge");
        };
        QTRY_VERIFY_WITH_TIMEOUT(asks(), kLongestRunMs);
        hideJournal();
        process->write("B00002\n");
        process->closeWriteChannel();
        QVERIFY(process->waitForFinished(kLongestRunMs));
        QVERIFY(process->exitCode() != 0);
        QCOMPARE(count(), 1);
    }

    /// Neither on a screen, nor in a file.
    void noCodeIsToldToAnybody()
    {
        for (const auto& [id, input] : {std::pair{"ana", "B00001\n"}, std::pair{"ben", "B00001\n"},
                                        std::pair{"eve", "X00001\n"}, std::pair{"ian", "~B00002\n"}}) {
            const auto said = run(adding(id, "Name"), input);
            QVERIFY(!said.output.contains("0000") && !said.errors.contains("0000"));
        }
        QFile file(m_ctl->dataDirectory() + QStringLiteral("/people.toml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther),
                 QFile::Permissions{});
        QVERIFY(!file.readAll().contains("B0000"));
    }

    /// As the station takes it out of a scan.
    void whatTheScannerPutsBeforeACodeIsNoPartOfIt()
    {
        configure("prefix = \"~\"\npatterns = { operator = \"^B[0-9]{5}$\" }\n");
        QCOMPARE(run(adding("ana", "Ana M."), "~]C1B00001\r\n").exitCode, 0);
        QCOMPARE(run(adding("ben", "Ben K."), "B00001\n").exitCode, 2); // it is hers
    }

    void whatCannotBeIsRefused_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("input");
        QTest::newRow("id that is taken") << QByteArray("ana") << QByteArray("A") << QByteArray("B00002\n");
        QTest::newRow("badge that is taken") << QByteArray("ben") << QByteArray("B") << QByteArray("B00001\n");
        QTest::newRow("no badge") << QByteArray("ben") << QByteArray("B") << QByteArray("GX-000181\n");
        QTest::newRow("no code") << QByteArray("ben") << QByteArray("B") << QByteArray("\n");
        QTest::newRow("nothing") << QByteArray("ben") << QByteArray("B") << QByteArray();
        QTest::newRow("quote in the name") << QByteArray("ben") << QByteArray("B\"") << QByteArray("B00002\n");
    }
    void whatCannotBeIsRefused()
    {
        QFETCH(const QByteArray, id);
        QFETCH(const QByteArray, name);
        QFETCH(const QByteArray, input);
        QCOMPARE(run(adding("ana", "Ana M."), "B00001\n").exitCode, 0);
        QCOMPARE(run(adding(id.constData(), name.constData()), input).exitCode, 2);
        const auto listed = run({QStringLiteral("people"), QStringLiteral("list"), QStringLiteral("--json")}, {});
        QCOMPARE(listed.document().value(QStringLiteral("people")).toArray().size(), 1);
    }

    /// Whatever is said by an option is kept for ever, and so no badge's code may be.
    void aBadgesCodeIsTakenForNobodysName_data()
    {
        QTest::addColumn<QString>("line");
        for (const auto* line : {"enroll --device tcp://127.0.0.1:9 --serial GX-000001 --operator B00077",
                                 "enroll --device tcp://127.0.0.1:9 --serial GX-000001 --operator ]C1B00077",
                                 "journal accept-clock --reason set --operator B00077",
                                 "upload --set-aside ID --reason gone --operator B00077",
                                 "people add --id B00077 --name Ana", "people add --id ana --name B00077"}) {
            QTest::newRow(line) << QString::fromLatin1(line);
        }
    }
    void aBadgesCodeIsTakenForNobodysName()
    {
        QFETCH(const QString, line);
        m_ctl->trustSomebody();
        const auto refused = run(line.split(QLatin1Char(' ')), "B00001\n");
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.errors.contains("scanner.patterns.operator"), refused.errors.constData());
        QVERIFY(!refused.errors.contains("00077") && !refused.output.contains("00077"));
        QVERIFY(!QFile::exists(m_ctl->dataDirectory() + QStringLiteral("/journal.sqlite")));
    }

    void whereThePeopleAreKnownNobodyElseEnrolls()
    {
        m_ctl->trustSomebody();
        const auto enroll = [this](const char* who) {
            return run({QStringLiteral("enroll"), QStringLiteral("--device"), QStringLiteral("tcp://127.0.0.1:9"),
                        QStringLiteral("--serial"), QStringLiteral("GX-000001"), QStringLiteral("--operator"),
                        QString::fromLatin1(who)},
                       {});
        };
        QCOMPARE(run(adding("ana", "Ana M."), "B00001\n").exitCode, 0);
        const auto stranger = enroll("S-7F00077"); // the code of another badge, perhaps
        QCOMPARE(stranger.exitCode, 2);
        QVERIFY2(stranger.errors.contains("people.toml"), stranger.errors.constData());
        QVERIFY(!stranger.errors.contains("00077"));
        QCOMPARE(enroll("ana").exitCode, 10); // no device answers: it was tested
        const auto acts = run({QStringLiteral("journal"), QStringLiteral("acts"), QStringLiteral("--json")}, {})
                              .document()
                              .value(QStringLiteral("acts"))
                              .toArray();
        QCOMPARE(acts.size(), 1); // anybody can name her: so it is kept whose account did
        const auto act = acts.at(0).toObject();
        QCOMPARE(act.value(QStringLiteral("what")).toString(), QStringLiteral("operator-named"));
        QCOMPARE(act.value(QStringLiteral("operator")).toString(), QStringLiteral("ana"));
        QCOMPARE(act.value(QStringLiteral("serialNumber")).toString(), QStringLiteral("GX-000001"));
        QVERIFY(!act.value(QStringLiteral("account")).toString().isEmpty());
    }

    void aBatchIsWhatAWorkOrderLooksLike()
    {
        configure("patterns = { batch = \"^WO-[0-9]{4}$\" }\n");
        m_ctl->trustSomebody();
        const QStringList line{
            QStringLiteral("enroll"),   QStringLiteral("--device"),  QStringLiteral("tcp://127.0.0.1:9"),
            QStringLiteral("--serial"), QStringLiteral("GX-000001"), QStringLiteral("--batch")};
        const auto refused = run(line + QStringList{QStringLiteral("4711")}, {});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY2(refused.errors.contains("scanner.patterns.batch"), refused.errors.constData());
        QCOMPARE(run(line + QStringList{QStringLiteral("WO-4711")}, {}).exitCode, 10);
    }

    void whoHasAPinIsListed()
    {
        QCOMPARE(run(adding("ana", "Ana M."), "B00001\n").exitCode, 0);
        QCOMPARE(run(adding("ben", "Ben K."), "B00002\n").exitCode, 0);
        QVERIFY(!hasPin(0) && !hasPin(1));
        const auto set = run(pinOf("set-pin", "ben"), "4711\n");
        QCOMPARE(set.exitCode, 0);
        QVERIFY(!hasPin(0) && hasPin(1));
        QFile file(m_ctl->dataDirectory() + QStringLiteral("/people.toml"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        for (const auto& said : {set.output, set.errors, file.readAll()}) {
            QVERIFY(!said.contains("\"4711") && !said.contains("4711\n"));
        }
        QCOMPARE(run(pinOf("remove-pin", "ben"), {}).exitCode, 0);
        QVERIFY(!hasPin(1));
        QCOMPARE(run(pinOf("remove-pin", "ben"), {}).exitCode, 0); // once more
        for (const auto* command : {"set-pin", "remove-pin"}) {
            QCOMPARE(run(pinOf(command, "eve"), "4711\n").exitCode, 2);
        }
    }

    void whatIsNoPinIsRefused()
    {
        QCOMPARE(run(adding("ana", "Ana M."), "B00001\n").exitCode, 0);
        for (const auto* input :
             {"", "\n", "471\n", "471147119\n", "47l1\n", "4711 \n", "0000\n", "1234\n", "1212\n"}) {
            const auto refused = run(pinOf("set-pin", "ana"), input);
            QCOMPARE(refused.exitCode, 2);
            QVERIFY(!refused.errors.contains("471"));
            QVERIFY(!hasPin(0));
        }
    }

    void aTerminalShowsNothingOfAPinAndAsksTwice()
    {
        QCOMPARE(run(adding("ana", "Ana M."), "B00001\n").exitCode, 0);
        for (const auto& [again, exitCode] : {std::pair{"4712\n", 2}, std::pair{"4711\n", 0}}) {
            const Terminal terminal;
            const auto process = m_ctl->prepare(pinOf("set-pin", "ana"));
            process->setStandardInputFile(terminal.name());
            process->start();
            QByteArray said;
            const auto asks = [&](const char* what) {
                said += process->readAllStandardError();
                return said.contains(what);
            };
            QTRY_VERIFY_WITH_TIMEOUT(asks("Enter the PIN"), kLongestRunMs);
            QTRY_VERIFY_WITH_TIMEOUT(terminal.hides(), kLongestRunMs);
            terminal.type("4711\n");
            QTRY_VERIFY_WITH_TIMEOUT(asks("once more"), kLongestRunMs);
            QTRY_VERIFY_WITH_TIMEOUT(terminal.hides(), kLongestRunMs);
            terminal.type(again);
            QVERIFY(process->waitForFinished(kLongestRunMs));
            QCOMPARE(process->exitCode(), exitCode);
            QCOMPARE(hasPin(0), exitCode == 0);
            QVERIFY(!terminal.shown().contains("471"));
        }
    }

    void withoutAPatternNoCodeIsABadge()
    {
        configure("");
        const auto refused = run(adding("ana", "Ana M."), "B00001\n");
        QCOMPARE(refused.exitCode, 2);
        QCOMPARE(refused.text("code"), QStringLiteral("S-330"));
        QVERIFY2(refused.text("detail").contains(QStringLiteral("scanner.patterns.operator")),
                 refused.errors.constData());
    }

    /// Somebody would scan a badge for nothing.
    void whatIsWrongBeforehandIsSaidBeforeABadgeIsAskedFor()
    {
        QCOMPARE(run(adding("ana", "Ana M."), "B00001\n").exitCode, 0);
        const auto unasked = [this](const QStringList& arguments) { // its input stays open, and empty
            const auto process = m_ctl->start(arguments);
            return process->waitForFinished(kLongestRunMs) && process->exitCode() == 2;
        };
        QVERIFY(unasked(adding("ana", "Ana Maria"))); // her id is taken
        configure("");
        QVERIFY(unasked(adding("ben", "Ben K.")));
    }

    void aPersonThatIsRequiredIsNamedByEachTest_data()
    {
        QTest::addColumn<QByteArray>("section");
        QTest::addColumn<QByteArray>("key");
        QTest::newRow("at each test") << QByteArray("station") << QByteArray("require_operator");
        QTest::newRow("at the screen") << QByteArray("security") << QByteArray("require_sign_in");
    }
    void aPersonThatIsRequiredIsNamedByEachTest()
    {
        QFETCH(const QByteArray, section);
        QFETCH(const QByteArray, key);
        const auto line = key + " = true\n";
        configure("patterns = { operator = \"^B[0-9]{5}$\" }\n",
                  section == "station" ? line : QByteArray("[security]\n" + line));
        m_ctl->trustSomebody();
        const auto refused =
            run({QStringLiteral("enroll"), QStringLiteral("--device"), QStringLiteral("tcp://127.0.0.1:9"),
                 QStringLiteral("--serial"), QStringLiteral("GX-000001")},
                {});
        QCOMPARE(refused.exitCode, 2);
        QVERIFY(refused.errors.contains("--operator"));
        const auto check = [this] {
            return QString::fromUtf8(run({QStringLiteral("config"), QStringLiteral("check")}, {}).errors);
        };
        QVERIFY(check().contains(QString::fromUtf8(section + "." + key + " is true, and there is nobody")));
        QCOMPARE(run(adding("ana", "Ana M."), "B00001\n").exitCode, 0);
        QVERIFY(!check().contains(QString::fromUtf8(key)));
        QFile file(m_ctl->dataDirectory() + QStringLiteral("/people.toml"));
        QVERIFY(file.open(QIODevice::Append));
        file.write("[[person]]\nname = \"x\"\n");
        file.close();
        QVERIFY(check().contains(QStringLiteral("person.id is missing")));
    }

private:
    void configure(const QByteArray& scanner, const QByteArray& station = {}) const
    {
        m_ctl->write(QStringLiteral("station.toml"), "schema = 1\n[station]\nid = \"TEST-1\"\nprofile = \"demo\"\n" +
                                                         station + "[scanner]\n" + scanner);
    }
    [[nodiscard]] CtlRun run(const QStringList& arguments, const QByteArray& input) const
    {
        const auto process = m_ctl->start(arguments);
        process->write(input);
        process->closeWriteChannel();
        if (!process->waitForFinished(kLongestRunMs)) {
            qFatal("enrollctl did not end");
        }
        return {process->exitCode(), process->readAllStandardOutput(), process->readAllStandardError()};
    }
    [[nodiscard]] CtlRun removing(const char* id) const
    {
        return run(
            {QStringLiteral("people"), QStringLiteral("remove"), QStringLiteral("--id"), QString::fromLatin1(id)}, {});
    }

    void beginJournal() const
    {
        const QStringList enrolling{QStringLiteral("enroll"), QStringLiteral("--device"),
                                    QStringLiteral("tcp://127.0.0.1:9"), QStringLiteral("--serial"),
                                    QStringLiteral("GX-000001")};
        m_ctl->trustSomebody();
        QCOMPARE(run(enrolling, {}).exitCode, 10);
    }
    void hideJournal() const
    {
        const auto file = m_ctl->dataDirectory() + QStringLiteral("/journal.sqlite");
        QVERIFY(QFile::rename(file, file + QStringLiteral(".elsewhere")));
    }
    /// Of people.
    [[nodiscard]] int count() const
    {
        const auto listed = run({QStringLiteral("people"), QStringLiteral("list"), QStringLiteral("--json")}, {});
        return static_cast<int>(listed.document().value(QStringLiteral("people")).toArray().size());
    }

    static QStringList pinOf(const char* command, const char* id)
    {
        return {QStringLiteral("people"), QString::fromLatin1(command), QString::fromLatin1(id),
                QStringLiteral("--json")};
    }
    [[nodiscard]] bool hasPin(int person) const
    {
        const auto listed = run({QStringLiteral("people"), QStringLiteral("list"), QStringLiteral("--json")}, {});
        const auto people = listed.document().value(QStringLiteral("people")).toArray();
        return people.at(person).toObject().value(QStringLiteral("pin")).toBool();
    }

    std::unique_ptr<EnrollctlProcess> m_ctl;
};

QTEST_GUILESS_MAIN(TestEnrollctlPeople)
#include "tst_enrollctl_people.moc"
