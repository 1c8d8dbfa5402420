#include "core/base/station_code.h"
#include "core/scanner/scanner_port.h"
#include "core/scanner/scanner_reader.h"
#include "tests/support/must.h"
#include "tests/support/serial_line.h"

#include <QTemporaryDir>
#include <QTest>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <unistd.h>

using namespace enroll;
using namespace std::string_view_literals;
using enrollment::OwnScanner;
using enrollment::ScanEnd;
using scanner::CodeAssembly;
using scanner::ScannedLine;
using scanner::ScannerReader;
using test::SerialLine;

namespace {

namespace fs = std::filesystem;
constexpr std::chrono::seconds kInTime{20};

/// Keeps what the reader tells, and waits for it.
class Told final : public scanner::ScannerSink {
public:
    void scanned(const ScannedLine& line) override
    {
        const std::scoped_lock lock(m_mutex);
        m_lines.push_back(line);
        m_changed.notify_all();
    }
    void scannerIs(const std::optional<Error>& trouble) override
    {
        const std::scoped_lock lock(m_mutex);
        m_states.push_back(trouble);
        m_changed.notify_all();
    }
    std::vector<ScannedLine> lines(std::size_t count)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, kInTime, [&] { return m_lines.size() >= count; });
        return m_lines;
    }
    std::vector<std::optional<Error>> states(std::size_t count)
    {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, kInTime, [&] { return m_states.size() >= count; });
        return m_states;
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::vector<ScannedLine> m_lines;
    std::vector<std::optional<Error>> m_states;
};

std::unique_ptr<ScannerReader> readerOf(const fs::path& device, Told& told,
                                        CodeAssembly codes = CodeAssembly{ScanEnd::LineEnd})
{
    auto reader = test::must(ScannerReader::create(OwnScanner{device}, std::move(codes), told));
    told.states(1);
    return reader;
}

void lead(const fs::path& link, const fs::path& device)
{
    fs::remove(link);
    fs::create_symlink(device, link);
}

} // namespace

class TestScannerReader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsASerialLine()
    {
        const SerialLine line;
        Told told;
        const auto reader = readerOf(line.device(), told);
        QVERIFY(told.states(1).front() == std::nullopt);
        line.send("GX-000181\rGX-0001");
        line.send("82\r\n");
        QVERIFY((told.lines(2) == std::vector<ScannedLine>{{"GX-000181"}, {"GX-000182"}}));
        line.send("\x03\x04\x7F\x1D\r"); // keys that would end or edit a line of a terminal
        QCOMPARE(told.lines(3).back().text, std::string{"\x03\x04\x7F\x1D"});
    }

    void aScannerThatSendsNoEndIsRead()
    {
        const SerialLine line;
        Told told;
        const auto reader = readerOf(line.device(), told, CodeAssembly{ScanEnd::Silence});
        line.send("GX-000181");
        QVERIFY((told.lines(1) == std::vector<ScannedLine>{{"GX-000181"}}));
    }

    /// The reader hands on three codes, one after another, for longer than the silence that ends a code.
    void aCodeOfWhichHalfWaitsUnreadIsNotCutInTwo()
    {
        const SerialLine line;
        Told told;
        const auto reader = readerOf(line.device(), told, CodeAssembly{ScanEnd::Silence, 6});
        line.send("GX-000001\rGX-000002\rGX-000003\rGX-00");
        told.lines(1);
        line.send("0181");
        std::string text;
        for (std::size_t count = 4; text.size() < 9; ++count) {
            const auto lines = told.lines(count);
            QVERIFY(lines.size() >= count);
            text += lines[count - 1].text;
            QVERIFY(lines[count - 1] == ScannedLine{"GX-000181"} || !lines[count - 1].isWhole);
        }
        QCOMPARE(text, std::string{"GX-000181"});
    }

    void aCodeThatStopsAmidIsToldAsAPart()
    {
        const SerialLine line;
        Told told;
        const auto reader = readerOf(line.device(), told);
        line.send("GX-00");
        QVERIFY((told.lines(1) == std::vector<ScannedLine>{{"GX-00", false}}));
    }

    void aScannerThatWasPulledOutWorksAgainWhenItIsBack()
    {
        const QTemporaryDir folder;
        const fs::path device = fs::path{folder.path().toStdString()} / "scanner";
        auto line = std::make_unique<SerialLine>();
        lead(device, line->device());
        Told told;
        const auto reader = readerOf(device, told);
        line->send("GX-00");
        line.reset(); // amid a code
        const auto states = told.states(2);
        QCOMPARE(states.size(), std::size_t{2});
        QVERIFY(states.back() && states.back()->code == StationCode::ScannerLost);
        const SerialLine again;
        lead(device, again.device());
        QVERIFY(!told.states(3).back());
        again.send("GX-000182\r");
        // What came of the part before depends on whether the kernel had it read; it is in no case put before the next code.
        QTRY_VERIFY_WITH_TIMEOUT(told.lines(1).back().isWhole, 20'000);
        const auto lines = told.lines(1);
        QVERIFY((lines.back() == ScannedLine{"GX-000182"}));
        QVERIFY(lines.size() == 1 || (lines.size() == 2 && lines.front() == ScannedLine{"GX-00", false}));
    }

    void whatWasSentBeforeTheStationBeganIsNotRead()
    {
        const SerialLine line;
        line.send("GX-000001\r");
        Told told;
        const auto reader = readerOf(line.device(), told);
        line.send("GX-000181\r");
        QVERIFY((told.lines(1).front() == ScannedLine{"GX-000181"}));
    }

    void aDamagedByteIsNotTakenForAGoodOne()
    {
        const SerialLine line;
        Told told;
        const auto reader = readerOf(line.device(), told);
        const auto set = line.settings().c_iflag; // how the kernel hands on a byte without its stop bit: as zero
        QVERIFY((set & INPCK) != 0 && (set & (IGNPAR | PARMRK)) == 0);
        line.send("GX-0\0"
                  "181\rGX-000182\r"sv);
        const auto lines = told.lines(2);
        QVERIFY(!lines.front().isWhole);
        QVERIFY((lines.back() == ScannedLine{"GX-000182"}));
    }

    /// Somebody scans as the station opens the scanner: what was sent before is gone.
    void theRestOfACodeThatBeganEarlierIsAPart()
    {
        const SerialLine line;
        Told told;
        const auto reader =
            test::must(ScannerReader::create(OwnScanner{line.device()}, CodeAssembly{ScanEnd::LineEnd}, told));
        QTRY_VERIFY_WITH_TIMEOUT((line.settings().c_iflag & INPCK) != 0, 20'000); // it is open
        line.send("0183\r");
        if (!told.states(0).empty()) {
            QSKIP("this machine was too busy to send it while the scanner was being opened");
        }
        QVERIFY((told.lines(1) == std::vector<ScannedLine>{{"0183", false}}));
        QVERIFY(!told.states(1).front());
        line.send("GX-000181\r");
        QVERIFY((told.lines(2).back() == ScannedLine{"GX-000181"}));
    }

    void nobodyElseReadsTheLine()
    {
        if (::geteuid() == 0) {
            QSKIP("the kernel keeps nobody out who may administer the system");
        }
        const SerialLine line;
        const auto first = scanner::openScanner({line.device()});
        QVERIFY(first.ok());
        const auto second = scanner::openScanner({line.device()});
        QVERIFY(!second.ok() && second.error().what.find("another program") != std::string::npos);
    }

    void aFloodIsHandedOnSlowlyAndEndsAtOnce()
    {
        const SerialLine line;
        Told told;
        auto reader = readerOf(line.device(), told);
        for (int i = 0; i < 100; ++i) {
            line.send("GX-000181\r");
        }
        told.lines(3);
        QElapsedTimer timer;
        timer.start();
        reader.reset();
        QVERIFY(timer.elapsed() < 2000);
        QVERIFY(told.lines(1).size() < 50);
    }

    void whatIsNoScannerIsSaid_data()
    {
        QTest::addColumn<QString>("device");
        QTest::addColumn<QString>("layout");
        QTest::addColumn<QString>("part");
        QTest::newRow("not there") << QStringLiteral("/dev/no-such-scanner") << QString{}
                                   << QStringLiteral("connect the scanner");
        QTest::newRow("a file") << QStringLiteral("/etc/hostname") << QString{} << QStringLiteral("not a device");
        QTest::newRow("a folder") << QStringLiteral("/dev") << QString{} << QStringLiteral("not a device");
        QTest::newRow("no line") << QStringLiteral("/dev/null") << QString{} << QStringLiteral("no serial line");
        QTest::newRow("no keyboard") << QStringLiteral("/dev/null") << QStringLiteral("us")
                                     << QStringLiteral("no keyboard");
        QTest::newRow("no layout") << QStringLiteral("/dev/null") << QStringLiteral("atlantis")
                                   << QStringLiteral("atlantis");
    }

    void whatIsNoScannerIsSaid()
    {
        QFETCH(const QString, device);
        QFETCH(const QString, layout);
        QFETCH(const QString, part);
        Told told;
        const auto reader = test::must(ScannerReader::create(OwnScanner{device.toStdString(), layout.toStdString()},
                                                             CodeAssembly{ScanEnd::LineEnd}, told));
        const auto states = told.states(1);
        QVERIFY(states.front() && states.front()->code == StationCode::ScannerLost);
        QVERIFY2(states.front()->what.find(part.toStdString()) != std::string::npos, states.front()->what.c_str());
    }
};

QTEST_GUILESS_MAIN(TestScannerReader)
#include "tst_scanner_reader.moc"
