#include "tests/ui/station_window.h"

using namespace enroll;
using namespace enroll::ui;
using test::kPatience;
using test::Station;

namespace {

/// A genuine device whose keys are read, and that answers no challenge before a stop is asked.
class SlowDevice final : public test::FakeDeviceTpm {
public:
    explicit SlowDevice(std::stop_token stop) : FakeDeviceTpm(test::workedKeys()), m_stalling(std::move(stop)) {}
    Result<void> activate(const attestation::ActivationBlob& blob) override { return m_stalling.activate(blob); }

private:
    test::StallingTpm m_stalling;
};

/// The order of each test that began, and a slow device for it. Called on a slot's thread; read when no test runs.
struct Orders {
    std::vector<enrollment::EnrollmentOrder> begun;

    station::DeviceTpmFactory factory()
    {
        return [this](const enrollment::EnrollmentOrder& order, std::stop_token stop) -> Result<test::Device> {
            begun.push_back(order);
            return test::Device{std::make_unique<SlowDevice>(std::move(stop))};
        };
    }
};

void stop(Station& station)
{
    const auto isWhereItStalls = [&station] {
        const auto* running = std::get_if<::enroll::station::SlotRunning>(&station.controller->board().state({1}));
        return running != nullptr && running->step == attestation::AttestationStep::TestAttestation;
    };
    QTRY_VERIFY_WITH_TIMEOUT(isWhereItStalls(), kPatience);
    station.press(Qt::Key_F7);
    station.readQuestion();
    station.press(Qt::Key_F7);
    QTRY_VERIFY_WITH_TIMEOUT(station.tile(1).look == TileLook::Stopped, kPatience);
}

} // namespace

/// A test that was stopped and is started again, by a key alone or after a scan.
class StartedAgainTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void itsDeviceHasToBeTheOneThatWasRead()
    {
        Orders orders;
        Station station(1, orders.factory());
        station.type(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4);
        stop(station);
        station.press(Qt::Key_F4); // nobody scanned its label again
        stop(station);
        station.press(Qt::Key_F2);
        station.type(QStringLiteral("GX-000181"));
        station.press(Qt::Key_F4);
        stop(station);
        QCOMPARE(orders.begun.size(), std::size_t{3});
        QVERIFY(!orders.begun[0].goesOnWith);
        QVERIFY(orders.begun[1].goesOnWith == attestation::marshalPublic(test::workedKeys().endorsementKey.area));
        QVERIFY(!orders.begun[2].goesOnWith); // somebody said whose device it is
    }
};

QTEST_MAIN(StartedAgainTest)
#include "tst_started_again.moc"
