#include "core/base/device_code.h"
#include "core/system/write_signals.h"
#include "db/review/journal_reader.h"
#include "tests/app/desktop/shift.h"
#include "tests/app/desktop/shift_journal.h"
#include "tests/app/service/service_client.h"
#include "tests/support/full_disk.h"

#include <QApplication>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <span>

using namespace enroll;
using namespace enroll::app::desktop;
using enroll::test::Fate;
using enroll::test::kShiftPatience;
using enroll::test::LabelledDevice;
using enroll::test::must;
using enroll::test::ServiceProcess;
using enroll::test::Shift;
using enroll::test::ShiftDevices;
using enrollment::PairingRule;
using ui::TileLook;

namespace {

/// What must stand on the tile in the end.
TileLook expectedLook(Fate fate)
{
    switch (fate) {
    case Fate::BadLine:
        return TileLook::Fail;
    case Fate::UnknownIssuer:
        return TileLook::Hold;
    case Fate::ClaimedElsewhere:
        return TileLook::Rejected;
    case Fate::Good:
    case Fate::PulledOut:
        break;
    }
    return TileLook::Pass;
}

/// What goes wrong in a round, beside the devices themselves.
enum class Mishap { DoubleScan, GluedScan, WrongLabel, Network, FullDisk, RestartAfter, RestartAmid };
constexpr std::array kMishaps{Mishap::DoubleScan, Mishap::Network,   Mishap::WrongLabel, Mishap::RestartAfter,
                              Mishap::FullDisk,   Mishap::GluedScan, Mishap::RestartAmid};

/// A round: one device for each slot, in an order of its own.
class Round {
public:
    Round(Shift& shift, std::span<LabelledDevice* const> devices, int number) : m_shift(shift), m_number(number)
    {
        std::vector<int> order(devices.size());
        std::iota(order.begin(), order.end(), 1);
        if (shift.rule() != PairingRule::NextSlot) { // by that rule the person follows the mark
            std::ranges::shuffle(order,
                                 std::mt19937{static_cast<unsigned>(number)}); // NOLINT(cert-msc51-cpp): again the same
        }
        for (std::size_t i = 0; i < devices.size(); ++i) {
            m_places.emplace_back(order[i], devices[i]);
        }
    }

    /// \p worn: the label of a device that was enrolled in another round.
    void run(const QString& worn)
    {
        const auto mishap = kMishaps.at(static_cast<std::size_t>(m_number) % kMishaps.size());
        fill(mishap);
        if (mishap == Mishap::WrongLabel && !worn.isEmpty()) {
            mistakeLabel(worn);
        }
        test(mishap);
        for (const auto& [slot, device] : m_places) {
            settle(slot, device->fate());
        }
        empty();
    }
    [[nodiscard]] bool mistookLabel() const { return m_mistookLabel; }

private:
    void fill(Mishap mishap)
    {
        if (m_shift.rule() == PairingRule::DeviceSerial) { // the devices come first, and then the scans
            for (const auto& [slot, device] : m_places) {
                m_shift.socket(slot).put(*device);
            }
        }
        for (const auto& [slot, device] : m_places) {
            m_shift.place(slot, *device);
            if (mishap == Mishap::DoubleScan) {
                m_shift.scan(device->label());
            } else if (mishap == Mishap::GluedScan) {
                m_shift.scan(device->label() + device->label());
                QVERIFY(m_shift.message().news == ui::ScanNews::Refused);
                m_shift.scan(QStringLiteral("4006381333931"));
                QVERIFY(m_shift.message().news == ui::ScanNews::Refused);
            }
            QVERIFY2(m_shift.waitsIn(slot, device->label()), qPrintable(m_shift.said()));
        }
    }

    /// Somebody scans the label of another device for the first good one of this round. Where devices say their serial
    /// numbers that is refused.
    void mistakeLabel(const QString& worn)
    {
        const auto good =
            std::ranges::find(m_places, Fate::Good, [](const auto& place) { return place.second->fate(); });
        const auto [slot, device] = *good;
        m_shift.takeOut(slot);
        if (m_shift.board().slotOf(enrollment::SerialNumber{device->label().toStdString()})) {
            m_shift.choose(slot);
            m_shift.scan(station::Command::Undo);
        }
        m_shift.choose(slot);
        m_shift.place(slot, *device, worn);
        m_mistookLabel = m_shift.waitsIn(slot, worn);
    }

    void test(Mishap mishap)
    {
        m_shift.startAll();
        m_shift.waitForTests();
        if (mishap == Mishap::Network) {
            for (const auto& [slot, socket] : m_shift.sockets()) {
                socket->unplugCable();
            }
        } else if (mishap == Mishap::RestartAmid) {
            m_shift.restart();
        } else if (mishap == Mishap::FullDisk) {
            const test::FullDisk full(0);
            m_shift.waitForEnd();
        }
        m_shift.waitForEnd();
        for (const auto& [slot, socket] : m_shift.sockets()) {
            socket->plugCable();
        }
        if (mishap == Mishap::RestartAfter) {
            m_shift.restart();
        }
        QTRY_VERIFY_WITH_TIMEOUT(!m_shift.controller().stopReason(), kShiftPatience);
    }

    void settle(int slot, Fate fate)
    {
        constexpr int kTries = 4;
        const auto tested = fate == Fate::ClaimedElsewhere ? TileLook::Pass : expectedLook(fate);
        for (int i = 0;
             i < kTries && m_shift.tile(slot).look != tested && m_shift.tile(slot).look != expectedLook(fate); ++i) {
            m_shift.again(slot);
        }
        QTRY_VERIFY_WITH_TIMEOUT(m_shift.tile(slot).look == expectedLook(fate) || fate != Fate::ClaimedElsewhere,
                                 kShiftPatience);
        QVERIFY2(m_shift.tile(slot).look == expectedLook(fate),
                 qPrintable(m_shift.tile(slot).word + QLatin1Char(' ') + m_shift.tile(slot).corner + QLatin1Char(' ') +
                            m_shift.tile(slot).reason));
    }

    /// Every device is taken out, and what was not good is dealt with.
    void empty()
    {
        for (const auto& [slot, device] : m_places) {
            m_shift.socket(slot).takeOut();
        }
        for (const auto& [slot, device] : m_places) {
            m_shift.takeOut(slot);
            if (expectedLook(device->fate()) != TileLook::Pass) {
                m_shift.acknowledge(slot);
            }
        }
    }

    Shift& m_shift;
    int m_number;
    std::vector<std::pair<int, LabelledDevice*>> m_places;
    bool m_mistookLabel = false;
};

} // namespace

/// A whole shift through the station's own program, by scans and hands alone, with everything that goes wrong on a line.
/// At its end each serial number that is enrolled has the key of the device that carries its label.
class WholeShiftTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ShiftDevices> m_devices;

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles");
        system::ignoreSignalsOfWrites();
        m_devices = std::make_unique<ShiftDevices>();
    }

    void eachLabelHasTheKeyOfItsDevice_data()
    {
        QTest::addColumn<PairingRule>("rule");
        for (const auto& [word, rule] : enrollment::kPairingWords) {
            QTest::addRow("%s", std::string{word}.c_str()) << rule;
        }
    }
    void eachLabelHasTheKeyOfItsDevice()
    {
        QFETCH(const PairingRule, rule);
        const ServiceProcess service;
        const auto devices = m_devices->all();
        claimElsewhere(service);
        Shift shift(*m_devices, {.pairing = rule}, service);
        const auto aRound = static_cast<std::size_t>(test::slotsOfShift());
        int mistaken = 0;
        for (std::size_t done = 0; done < devices.size(); done += aRound) {
            const auto number = static_cast<int>(done / aRound);
            Round round(shift, std::span{devices}.subspan(done, std::min(aRound, devices.size() - done)), number);
            round.run(done == 0 ? QString{} : devices.front()->label());
            mistaken += round.mistookLabel() ? 1 : 0;
            if (QTest::currentTestFailed()) {
                return;
            }
        }
        checkJournal(shift, mistaken);
        checkService(service);
    }

private:
    /// Somebody has enrolled the ids of some devices with another key before.
    void claimElsewhere(const ServiceProcess& service)
    {
        test::BackEnd backEnd(service);
        for (const auto* device : m_devices->all()) {
            if (device->fate() == Fate::ClaimedElsewhere) {
                const QJsonObject tpm{{QStringLiteral("endorsementKey"), m_devices->all().front()->publicKey()}};
                const QJsonObject attestation{{QStringLiteral("type"), QStringLiteral("tpm")},
                                              {QStringLiteral("tpm"), tpm}};
                QCOMPARE(backEnd
                             .put("/enrollments/" + device->registrationId(),
                                  {{QStringLiteral("registrationId"), QString::fromLatin1(device->registrationId())},
                                   {QStringLiteral("attestation"), attestation}})
                             .status,
                         200);
            }
        }
    }

    /// What the service holds for each device that passed is that device's own key.
    void checkService(const ServiceProcess& service)
    {
        test::BackEnd backEnd(service);
        for (const auto* device : m_devices->all()) {
            const auto answer = backEnd.get("/enrollments/" + device->registrationId());
            const auto held =
                answer.json()[QLatin1String("attestation")][QLatin1String("tpm")][QLatin1String("endorsementKey")]
                    .toString();
            const auto passes = expectedLook(device->fate()) == TileLook::Pass;
            QCOMPARE(answer.status, passes || device->fate() == Fate::ClaimedElsewhere ? 200 : 404);
            QCOMPARE(held == device->publicKey(), passes);
        }
    }

    /// \p mistaken: how often the first device's label was scanned for another one.
    void checkJournal(Shift& shift, int mistaken)
    {
        const auto records = test::enrolledKeys(shift.data());
        QCOMPARE(test::wronglyPaired(records, m_devices->all()), QStringList{});
        const auto good =
            m_devices->count(Fate::Good) + m_devices->count(Fate::PulledOut) + m_devices->count(Fate::ClaimedElsewhere);
        QCOMPARE(static_cast<int>(records.size()), good);
        const auto reader = must(db::review::JournalReader::open(shift.data()));
        QTRY_COMPARE_WITH_TIMEOUT(must(reader->counters().since(UtcTime{})).queued, 0, kShiftPatience);
        const auto counted = must(reader->counters().since(UtcTime{}));
        const auto mislaid =
            mistaken > 0 ? 1 : 0; // the last that is known of it is that another device claimed its label
        QCOMPARE(counted.devices, test::devicesOfShift());
        QCOMPARE(counted.pass, good - mislaid);
        QCOMPARE(counted.fail, m_devices->count(Fate::BadLine));
        QCOMPARE(counted.hold, m_devices->count(Fate::UnknownIssuer) + mislaid);
        QTRY_COMPARE_WITH_TIMEOUT(shift.devicesCounted(), std::optional{test::devicesOfShift()}, kShiftPatience);
    }
};

QTEST_MAIN(WholeShiftTest)
#include "tst_whole_shift.moc"
