#include "app/desktop/station_scanner.h"
#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "tests/support/serial_line.h"

#include <QTest>
#include <QThread>

using namespace enroll;
using app::desktop::StationScanner;
using test::SerialLine;

namespace {

constexpr int kPatience = 20'000;

enrollment::ScannerSettings settingsOf(const std::filesystem::path& device)
{
    enrollment::ScannerSettings settings;
    settings.own = enrollment::OwnScanner{device};
    return settings;
}

/// What a scanner's signals said, and whether each came on the test's thread.
struct Heard : QObject {
    explicit Heard(const StationScanner& scanner)
    {
        connect(&scanner, &StationScanner::codeRead, this, [this](const Result<QString>& code) {
            codes.push_back(code);
            here = here && QThread::currentThread() == thread();
        });
        connect(&scanner, &StationScanner::changed, this, [this](const std::optional<Error>& trouble) {
            states.push_back(trouble);
            here = here && QThread::currentThread() == thread();
        });
    }

    std::vector<Result<QString>> codes;
    std::vector<std::optional<Error>> states;
    bool here = true;
};

} // namespace

class StationScannerTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatIsReadArrivesInOrder()
    {
        const SerialLine line;
        const StationScanner scanner(settingsOf(line.device()));
        const Heard heard(scanner);
        QTRY_COMPARE_WITH_TIMEOUT(heard.states.size(), std::size_t{1}, kPatience);
        QVERIFY(!heard.states.front());
        line.send("GX-000181\rGX-000182\rGX-00");
        QTRY_COMPARE_WITH_TIMEOUT(heard.codes.size(), std::size_t{3}, kPatience);
        QVERIFY(heard.codes[0].ok() && *heard.codes[0] == QStringLiteral("GX-000181"));
        QVERIFY(heard.codes[1].ok() && *heard.codes[1] == QStringLiteral("GX-000182"));
        QVERIFY(!heard.codes[2].ok() && heard.codes[2].error().code == ScanCode::ScanCutOff);
        QVERIFY(heard.here);
    }

    void whatIsTooShortForACodeThatEndsBySilenceIsAPart()
    {
        const SerialLine line;
        auto settings = settingsOf(line.device());
        settings.end = enrollment::ScanEnd::Silence;
        settings.minLength = 5;
        const StationScanner scanner(settings);
        const Heard heard(scanner);
        QTRY_COMPARE_WITH_TIMEOUT(heard.states.size(), std::size_t{1}, kPatience);
        line.send("GX-00");
        QTRY_COMPARE_WITH_TIMEOUT(heard.codes.size(), std::size_t{1}, kPatience);
        QVERIFY(heard.codes[0].ok() && *heard.codes[0] == QStringLiteral("GX-00"));
        line.send("0181");
        QTRY_COMPARE_WITH_TIMEOUT(heard.codes.size(), std::size_t{2}, kPatience);
        QVERIFY(!heard.codes[1].ok() && heard.codes[1].error().code == ScanCode::ScanCutOff);
    }

    void aScannerThatIsNotThereIsSaid()
    {
        const StationScanner scanner(settingsOf("/dev/no-such-scanner"));
        const Heard heard(scanner);
        QTRY_COMPARE_WITH_TIMEOUT(heard.states.size(), std::size_t{1}, kPatience);
        QVERIFY(heard.states.front() && heard.states.front()->code == StationCode::ScannerLost);
    }

    void aStationWithoutOneSaysNothing()
    {
        StationScanner scanner(enrollment::ScannerSettings{});
        const Heard heard(scanner);
        scanner.requestStop();
        QCoreApplication::processEvents();
        QVERIFY(heard.states.empty() && heard.codes.empty());
    }

    void itEndsAmidACode()
    {
        const SerialLine line;
        auto scanner = std::make_unique<StationScanner>(settingsOf(line.device()));
        const Heard heard(*scanner);
        QTRY_COMPARE_WITH_TIMEOUT(heard.states.size(), std::size_t{1}, kPatience);
        line.send("GX-00");
        scanner->requestStop();
        scanner.reset();
        QVERIFY(heard.codes.empty());
    }
};

QTEST_GUILESS_MAIN(StationScannerTest)
#include "tst_station_scanner.moc"
