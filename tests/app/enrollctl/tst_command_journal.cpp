#include "app/enrollctl/program.h"
#include "db/journal/acts.h"
#include "tests/support/journal_fixture.h"
#include "tests/support/sample_acts.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <sstream>

using namespace enroll;
using namespace enroll::app::enrollctl;
using namespace enroll::test;

namespace {

struct Run {
    ExitCode exitCode;
    QByteArray output;

    [[nodiscard]] QJsonObject document() const { return QJsonDocument::fromJson(output).object(); }
};

} // namespace

class TestCommandJournal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void acceptsAClockThatIsBehindTheLatestRun();
    void acceptsNothingWithoutAReason();
    void acceptsNothingOfAnAlteredJournal();
    void listsWhoDidWhatNewestLast();
    void aPersonWithALongNameMovesNoColumn();
    void listsOfOnePersonSinceATime();
    void listsNoActsOfAJournalWithoutAny();
    void refusesATimeThatIsNone();
    void countsActsAndFindsOneThatWasAltered();

private:
    [[nodiscard]] Run run(std::vector<std::string> words) const;
    void runAhead() const;

    std::unique_ptr<QTemporaryDir> m_directory;
    std::unique_ptr<JournalFixture> m_journal;
};

void TestCommandJournal::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_journal = std::make_unique<JournalFixture>();
    QFile configuration{m_directory->filePath(QStringLiteral("station.toml"))};
    QVERIFY(configuration.open(QIODevice::WriteOnly));
    configuration.write("schema = 1\n[station]\nid = \"T\"\n");
    qputenv("ENROLL_CONFIG", configuration.fileName().toUtf8());
    qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles");
}

Run TestCommandJournal::run(std::vector<std::string> words) const
{
    words.insert(words.end(), {"--data", m_journal->directory().string()});
    std::ostringstream out;
    std::ostringstream err;
    Output output{out, err};
    const auto code = runProgram(words, output, Colour::Plain, {});
    return {code, QByteArray::fromStdString(out.str())};
}

/// A run of a clock that was fast by a month.
void TestCommandJournal::runAhead() const
{
    auto run = DeviceFigure{1}.passingRun();
    run.startedAt = utcNow() + std::chrono::days{30};
    require(m_journal->open()->commit(run, std::nullopt));
}

void TestCommandJournal::acceptsAClockThatIsBehindTheLatestRun()
{
    runAhead();
    const std::vector<std::string> accept{"journal",    "accept-clock", "--reason", "time server",
                                          "--operator", "Ada",          "--json"};
    const auto accepted = run(accept);
    QVERIFY2(accepted.exitCode == ExitCode::Done, accepted.output.constData());
    QCOMPARE(accepted.document().value(u"by").toString(), QStringLiteral("Ada"));

    const auto verified = run({"journal", "verify", "--json"});
    QCOMPARE(verified.exitCode, ExitCode::Done);
    const auto told = verified.document().value(u"acceptedClocks").toArray();
    QCOMPARE(told.size(), 1);
    QCOMPARE(told.at(0).toObject().value(u"reason").toString(), QStringLiteral("time server"));
    QCOMPARE(run({"runs", "list", "--json"}).document().value(u"acceptedClocks").toArray(), told);
    const auto shown = run({"runs", "list"});
    QVERIFY2(shown.output.contains("by Ada: time server\n"), shown.output.constData());

    const auto again = run(accept);
    QCOMPARE(again.exitCode, ExitCode::Usage);
    QCOMPARE(again.document().value(u"code").toString(), QStringLiteral("S-339"));
}

void TestCommandJournal::acceptsNothingWithoutAReason()
{
    runAhead();
    QCOMPARE(run({"journal", "accept-clock", "--operator", "Ada"}).exitCode, ExitCode::Usage);
    QCOMPARE(run({"journal", "accept-clock", "--reason", "time server"}).exitCode, ExitCode::Usage);
}

void TestCommandJournal::acceptsNothingOfAnAlteredJournal()
{
    runAhead();
    m_journal->tamper("UPDATE run SET slot = 9");
    QCOMPARE(run({"journal", "accept-clock", "--reason", "time server", "--operator", "Ada"}).exitCode,
             ExitCode::IntegrityLost);
}

void TestCommandJournal::listsWhoDidWhatNewestLast()
{
    require(db::journal::appendActs(m_journal->options(),
                                    std::vector{fullAct(), actOf(station::ActKind::SignedOut, "ana")}));
    const auto listed = run({"journal", "acts", "--json"});
    QCOMPARE(listed.exitCode, ExitCode::Done);
    QCOMPARE(listed.document().value(u"schema").toString(), QStringLiteral("enrollment-station/act-list/1"));
    const auto acts = listed.document().value(u"acts").toArray();
    QCOMPARE(acts.size(), 2);
    QCOMPARE(acts.at(0).toObject().value(u"what").toString(), QStringLiteral("station-started"));
    QCOMPARE(acts.at(0).toObject().value(u"operator").toString(), QStringLiteral("ana"));
    QCOMPARE(acts.at(0).toObject().value(u"profile").toObject().value(u"sha256").toString(), QStringLiteral("00ff"));
    QCOMPARE(acts.at(0).toObject().value(u"schema").toString(), QStringLiteral("enrollment-station/act/1"));
    QCOMPARE(acts.at(1).toObject().value(u"seq").toInt(), 3);

    const auto shown = run({"journal", "acts"}).output;
    for (const auto* word :
         {"ana (account root)", "in place of ben", "slot 3", "GX-000183", "replaced by GX-000184, whose device came",
          "WO-4711", "B-603", "12 records", "HP E24 G4", "527 mm wide", "version 0.1.0", "the label was wrong"}) {
        QVERIFY2(shown.contains(word), shown.constData());
    }
    QVERIFY(shown.indexOf("station-started") < shown.indexOf("signed-out"));
}

void TestCommandJournal::aPersonWithALongNameMovesNoColumn()
{
    auto named = actOf(station::ActKind::OperatorNamed, "quickstart");
    named.account = "root";
    require(
        db::journal::appendActs(m_journal->options(), std::vector{actOf(station::ActKind::SignedIn, "ana"), named}));
    const auto lines = run({"journal", "acts"}).output.split('\n');
    QVERIFY(lines.size() >= 3);
    QVERIFY2(lines.at(2).contains("quickstart (account root)"), lines.at(2).constData());
    const auto what = lines.at(0).indexOf("WHAT");
    QCOMPARE(lines.at(1).indexOf("signed-in"), what);
    QCOMPARE(lines.at(2).indexOf(station::actKindText(station::ActKind::OperatorNamed).data()), what);
}

void TestCommandJournal::listsOfOnePersonSinceATime()
{
    const auto longAgo = fromIso8601("2026-11-01T08:00:00Z").value();
    const auto lately = fromIso8601("2026-11-30T08:00:00Z").value();
    require(
        db::journal::appendActs(m_journal->options(), std::vector{actOf(station::ActKind::SignedIn, "ana", longAgo),
                                                                  actOf(station::ActKind::SignedIn, "ana", lately),
                                                                  actOf(station::ActKind::SignedIn, "ben", lately)}));
    const auto countOf = [this](std::vector<std::string> words) {
        words.insert(words.begin(), {"journal", "acts", "--json"});
        return run(words).document().value(u"acts").toArray().size();
    };
    QCOMPARE(countOf({"--operator", "ana"}), 2);
    QCOMPARE(countOf({"--since", "2026-11-30"}), 2);
    QCOMPARE(countOf({"--since", "2026-11-30", "--operator", "ana"}), 1);
    QCOMPARE(countOf({"--operator", "nobody"}), 0);
}

void TestCommandJournal::listsNoActsOfAJournalWithoutAny()
{
    QCOMPARE(run({"journal", "acts"}).exitCode, ExitCode::Usage); // there is no journal yet
    static_cast<void>(m_journal->open());
    QCOMPARE(run({"journal", "acts"}).exitCode, ExitCode::Done);
    QVERIFY(run({"journal", "acts", "--json"}).document().value(u"acts").toArray().isEmpty());
}

void TestCommandJournal::refusesATimeThatIsNone()
{
    static_cast<void>(m_journal->open());
    QCOMPARE(run({"journal", "acts", "--since", "yesterday"}).exitCode, ExitCode::Usage);
}

void TestCommandJournal::countsActsAndFindsOneThatWasAltered()
{
    require(db::journal::appendActs(m_journal->options(), std::vector{actOf(station::ActKind::SignedIn, "ana"),
                                                                      actOf(station::ActKind::SignedOut, "ana")}));
    const auto verified = run({"journal", "verify", "--json"});
    QCOMPARE(verified.exitCode, ExitCode::Done);
    QCOMPARE(verified.document().value(u"acts").toInt(), 2);
    QCOMPARE(verified.document().value(u"notUnderstood").toObject().value(u"entries").toInt(), 0);

    m_journal->tamper("UPDATE chain_entry SET body = CAST(replace(body, 'ana', 'ben') AS BLOB) WHERE seq = 2");
    const auto altered = run({"journal", "verify", "--json"});
    QCOMPARE(altered.exitCode, ExitCode::IntegrityLost);
    const auto bad = altered.document().value(u"firstBad").toObject();
    QCOMPARE(bad.value(u"seq").toInt(), 2);
    QCOMPARE(bad.value(u"kind").toString(), QStringLiteral("act"));
    QCOMPARE(run({"journal", "acts"}).exitCode, ExitCode::IntegrityLost);
}

QTEST_GUILESS_MAIN(TestCommandJournal)
#include "tst_command_journal.moc"
