#include "app/enrollctl/output.h"
#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/delivery/claimed_elsewhere.h"

#include <QJsonDocument>
#include <QTest>

#include <sstream>

using namespace enroll;
using namespace enroll::app::enrollctl;

class TestOutput : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void writesTextUnlessADocumentIsAskedFor();
    void writesNothingButTheDocumentWhenAskedForJson();
    void errorStandsInForTheDocumentThatIsMissing();
    void errorAfterTheDocumentStaysOnStandardError();
    void noticeIsNeverADocument();
    void quietSilencesProgressAndNotErrors();
    void aWarningIsOneLineAlsoWhenQuiet();
    void errorTellsHeadlineReasonAndNextStep();
    void knowsThatTheResultWasNotTaken_data();
    void knowsThatTheResultWasNotTaken();
    void aStoppedCommandIsNoStoppedTest();
    void nobodyClosesTheStationForAnUpload();
    void coloursOnlyWhereTheyCanBeShown();
    void nothingButItsOwnColoursReachesTheTerminal();
    void everyOutcomeHasAWord();
};

namespace {

struct Streams {
    std::ostringstream out;
    std::ostringstream err;
    Output output{out, err};

    explicit Streams(const OutputStyle& style) { output.setStyle(style); }
    [[nodiscard]] QJsonObject document() const
    {
        return QJsonDocument::fromJson(QByteArray::fromStdString(out.str())).object();
    }
};

/// A stream as on a full disk: what is buffered cannot be written out.
class FullDisk : public std::streambuf {
    int_type overflow(int_type) override { return traits_type::eof(); }
    int sync() override { return -1; }
};

const QJsonObject kDocument{{QStringLiteral("schema"), QStringLiteral("test/1")}};

} // namespace

void TestOutput::writesTextUnlessADocumentIsAskedFor()
{
    Streams streams{{.form = OutputForm::Text}};
    streams.output.result(kDocument, "for people\n");
    QCOMPARE(streams.out.str(), std::string{"for people\n"});
}

void TestOutput::writesNothingButTheDocumentWhenAskedForJson()
{
    Streams streams{{.form = OutputForm::Json}};
    streams.output.progress("on the way");
    streams.output.result(kDocument, "for people\n");
    QCOMPARE(streams.document(), kDocument);
    QCOMPARE(streams.err.str(), std::string{"on the way\n"});
}

void TestOutput::errorStandsInForTheDocumentThatIsMissing()
{
    Streams streams{{.form = OutputForm::Json}};
    streams.output.error(makeError(DeviceCode::NoTpmAnswers, "connection refused"));
    const auto document = streams.document();
    QCOMPARE(document.value(QStringLiteral("schema")).toString(), QStringLiteral("enrollment-station/error/1"));
    QCOMPARE(document.value(QStringLiteral("code")).toString(), QStringLiteral("D-101"));
    QCOMPARE(document.value(QStringLiteral("detail")).toString(), QStringLiteral("connection refused"));
    QVERIFY(!document.value(QStringLiteral("headline")).toString().isEmpty());
    QVERIFY(!document.value(QStringLiteral("nextStep")).toString().isEmpty());
}

void TestOutput::errorAfterTheDocumentStaysOnStandardError()
{
    Streams streams{{.form = OutputForm::Json}};
    streams.output.result(kDocument, "");
    streams.output.error(makeError(DeviceCode::NoTpmAnswers, "connection refused"));
    QCOMPARE(streams.document(), kDocument);
    QVERIFY(streams.err.str().find("D-101") != std::string::npos);
}

void TestOutput::noticeIsNeverADocument()
{
    Streams streams{{.form = OutputForm::Json}};
    streams.output.notice(makeError(CloudCode::Unreachable, "no route"));
    QVERIFY(streams.out.str().empty());
    QVERIFY(streams.err.str().find("U-503") != std::string::npos);
}

void TestOutput::quietSilencesProgressAndNotErrors()
{
    Streams streams{{.verbosity = Verbosity::Quiet}};
    streams.output.progress("on the way");
    QVERIFY(streams.err.str().empty());
    streams.output.error(makeError(DeviceCode::NoTpmAnswers, "connection refused"));
    QVERIFY(!streams.err.str().empty());
}

void TestOutput::aWarningIsOneLineAlsoWhenQuiet()
{
    Streams streams{{.form = OutputForm::Json, .verbosity = Verbosity::Quiet}};
    streams.output.warning("taken as\nproof");
    QCOMPARE(streams.err.str(), std::string{"WARNING: taken as\uFFFDproof\n"});
    QVERIFY(streams.out.str().empty());
}

void TestOutput::errorTellsHeadlineReasonAndNextStep()
{
    Streams streams{{}};
    streams.output.error(makeError(DeviceCode::NoTpmAnswers, "connection refused"));
    const auto& row = describe(DeviceCode::NoTpmAnswers);
    const auto text = streams.err.str();
    for (const auto part : {row.text, row.headline, row.instruction, std::string_view{"connection refused"}}) {
        QVERIFY2(text.find(part) != std::string::npos, part.data());
    }
    QVERIFY(streams.out.str().empty());
}

void TestOutput::knowsThatTheResultWasNotTaken_data()
{
    QTest::addColumn<OutputForm>("form");
    QTest::newRow("text") << OutputForm::Text;
    QTest::newRow("json") << OutputForm::Json;
}

void TestOutput::knowsThatTheResultWasNotTaken()
{
    QFETCH(OutputForm, form);
    FullDisk disk;
    std::ostream out{&disk};
    std::ostringstream err;
    Output output{out, err};
    output.setStyle({.form = form});
    output.progress("on the way");
    QVERIFY(output.resultArrived());
    output.result(kDocument, "for people\n");
    QVERIFY(!output.resultArrived());
}

void TestOutput::aStoppedCommandIsNoStoppedTest()
{
    Streams streams{{.form = OutputForm::Json}};
    streams.output.error(makeError(DeviceCode::Cancelled, "a stop was asked"));
    for (const auto& said : {streams.err.str(), streams.out.str()}) {
        QVERIFY2(said.find("D-141") != std::string::npos, said.c_str());
        QVERIFY2(said.find("test") == std::string::npos, said.c_str());
    }
}

void TestOutput::nobodyClosesTheStationForAnUpload()
{
    const auto stepOf = [](const Error& error) {
        return errorDocument(error).value(QStringLiteral("nextStep")).toString();
    };
    const auto taken = stepOf(delivery::claimedElsewhere());
    QVERIFY2(taken.contains(QStringLiteral("sends the records itself")), qPrintable(taken));
    QVERIFY2(!taken.contains(QStringLiteral("Close")), qPrintable(taken));
    const auto locked = stepOf(makeError(StationCode::JournalBusy, "another program holds the lock", "flock"));
    QVERIFY2(locked.startsWith(QStringLiteral("Close the other program")), qPrintable(locked));
}

void TestOutput::coloursOnlyWhereTheyCanBeShown()
{
    const Streams plain{{.colour = Colour::Plain}};
    QCOMPARE(plain.output.coloured(Outcome::Fail, "FAIL"), std::string{"FAIL"});
    const Streams terminal{{.colour = Colour::Ansi}};
    const auto word = terminal.output.coloured(Outcome::Fail, "FAIL");
    QVERIFY(word.starts_with("\033[") && word.ends_with("\033[0m") && word.find("FAIL") != std::string::npos);
}

void TestOutput::nothingButItsOwnColoursReachesTheTerminal()
{
    Streams streams{{.colour = Colour::Ansi}};
    const auto pass = streams.output.coloured(Outcome::Pass, outcomeWord(Outcome::Pass));
    const auto hold = streams.output.coloured(Outcome::Hold, outcomeWord(Outcome::Hold));

    streams.output.plain("a\x1b[2J " + pass + "\x9b\n" + hold + " \033[1;32mgenuine\n");
    streams.output.progress("slot \u202E1");
    streams.output.notice(makeError(CloudCode::Unreachable, "no \x1b[8mroute", "GET \x7f"));

    QCOMPARE(streams.out.str(), "a\uFFFD[2J " + pass + "\uFFFD\n" + hold + " \uFFFD[1;32mgenuine\n");
    const auto said = streams.err.str();
    QVERIFY2(said.starts_with("slot \uFFFD1\n"), said.c_str());
    QVERIFY2(said.find("no \uFFFD[8mroute [GET \uFFFD]\n") != std::string::npos, said.c_str());
    QVERIFY(said.find('\x1b') == std::string::npos);
}

void TestOutput::everyOutcomeHasAWord()
{
    QCOMPARE(outcomeWord(Outcome::Pass), std::string_view{"PASS"});
    QCOMPARE(outcomeWord(Outcome::Fail), std::string_view{"FAIL"});
    QCOMPARE(outcomeWord(Outcome::Hold), std::string_view{"HOLD"});
    QCOMPARE(outcomeWord(Outcome::StationFault), std::string_view{"STATION FAULT"});
    QCOMPARE(outcomeWord(Outcome::Aborted), std::string_view{"ABORTED"});
}

QTEST_GUILESS_MAIN(TestOutput)
#include "tst_output.moc"
