#include "app/enrollctl/program.h"
#include "tests/support/journal_fixture.h"

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

QTEST_GUILESS_MAIN(TestCommandJournal)
#include "tst_command_journal.moc"
