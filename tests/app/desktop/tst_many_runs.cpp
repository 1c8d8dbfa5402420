#include "tests/app/desktop/shift.h"
#include "tests/support/ek_authority.h"
#include "tests/support/fake_device_tpm.h"

#include <QDirIterator>

#include <fstream>
#include <unistd.h>

using namespace enroll;
using namespace enroll::app::desktop;
using enroll::test::must;
using enrollment::SlotNumber;

namespace {

constexpr int kSlots = 8;
constexpr int kDevices = 24;
constexpr int kFewRuns = 400;
constexpr int kPatience = 120'000;
constexpr double kMostGrowth = 5.0; // MB

/// What a program that runs for weeks must not use more of from day to day.
struct Use {
    double resident = 0; ///< MB
    int descriptors = 0;
    int threads = 0;
};

int entriesOf(const char* directory)
{
    int count = 0;
    for (QDirIterator entries(QString::fromLatin1(directory), QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot);
         entries.hasNext(); entries.next()) {
        ++count;
    }
    return count;
}

Use useNow()
{
    long size = 0;
    long resident = 0;
    std::ifstream("/proc/self/statm") >> size >> resident;
    return {static_cast<double>(resident * ::sysconf(_SC_PAGESIZE)) / 1e6, entriesOf("/proc/self/fd"),
            entriesOf("/proc/self/task")};
}

/// A sanitizer keeps what was freed.
constexpr bool keepsFreedMemory()
{
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return true;
#else
    return false;
#endif
}

/// A station with its journal, and devices that go round and round: keys of software in the place of chips, by the same
/// cryptography.
class Line {
public:
    Line()
    {
        for (int device = 0; device < kDevices; ++device) {
            m_keys.push_back(test::makeDeviceKeys(test::KeyKind::Rsa2048, test::KeyKind::EccP256));
        }
        std::vector<std::string> addresses;
        for (int slot = 1; slot <= kSlots; ++slot) {
            addresses.push_back("tcp://127.0.0.1:" + std::to_string(slot));
        }
        m_files.trust(m_authority.anchors().certificates());
        auto setup = must(loadStationSetup(m_files.sources(addresses)));
        setup.tpm = [this](const enrollment::EnrollmentOrder& order, const std::stop_token&) { return tpmOf(order); };
        m_station = std::make_unique<StationApplication>(setup, ui::ThemeChoice::Light);
        m_station->show(WindowStart::Normal);
    }

    /// One device in each slot. Returns how many passed.
    int round(int number)
    {
        for (int slot = 0; slot < kSlots; ++slot) {
            test::typeSerial(m_station->window(), serialOf((number * kSlots + slot) % kDevices));
        }
        if (m_station->controller().startAllReady() != kSlots) {
            return 0;
        }
        const auto& board = m_station->controller().board();
        [&] { QTRY_VERIFY_WITH_TIMEOUT(board.running().empty(), kPatience); }();
        return static_cast<int>(std::ranges::count_if(board.slots(), [&](SlotNumber slot) {
            return test::tileOf(*m_station, slot.value).look == ui::TileLook::Pass;
        }));
    }

private:
    static QString serialOf(int device) { return QStringLiteral("GX-%1").arg(device, 6, 10, QLatin1Char('0')); }

    Result<std::unique_ptr<attestation::DeviceTpm>> tpmOf(const enrollment::EnrollmentOrder& order)
    {
        const auto& keys = m_keys.at(static_cast<std::size_t>(std::stoi(order.serialNumber.text().substr(3))));
        auto tpm = std::make_unique<test::FakeDeviceTpm>(keys);
        tpm->setCertificateNv(m_authority.issue(keys.endorsementKey.pem));
        return std::unique_ptr<attestation::DeviceTpm>{std::move(tpm)};
    }

    test::StationFiles m_files;
    test::EkAuthority m_authority;
    std::vector<test::DeviceKeys> m_keys;
    std::unique_ptr<StationApplication> m_station; // last: its slots use the keys
};

} // namespace

class ManyRunsTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles"); }

    void aStationUsesNoMoreFromRunToRun()
    {
        const int rounds = test::numberFrom("ENROLL_MANY_RUNS", kFewRuns) / kSlots;
        const int warm = rounds / 4;
        Line line;
        Use before;
        for (int number = 0; number < rounds; ++number) {
            QCOMPARE(line.round(number), kSlots);
            if (number == warm) {
                before = useNow();
            }
        }
        const auto after = useNow();
        qInfo("%d runs: resident %.1f MB, then %.1f MB; descriptors %d, then %d; threads %d, then %d", rounds * kSlots,
              before.resident, after.resident, before.descriptors, after.descriptors, before.threads, after.threads);
        // A look at the files or at the journal may be under way.
        QTRY_VERIFY_WITH_TIMEOUT(useNow().descriptors <= before.descriptors, kPatience);
        QTRY_VERIFY_WITH_TIMEOUT(useNow().threads <= before.threads, kPatience);
        QVERIFY(keepsFreedMemory() || after.resident - before.resident < kMostGrowth);
    }
};

QTEST_MAIN(ManyRunsTest)
#include "tst_many_runs.moc"
