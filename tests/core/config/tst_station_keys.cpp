#include "core/config/slot_range.h"
#include "core/config/station_config.h"
#include "core/enrollment/start_rule.h"

#include <QTest>

using namespace enroll;
using namespace enroll::config;

namespace {

const std::string kSchema = "schema = 1\n";

} // namespace

/// What single keys of the station's file mean, and what holds without them.
class StationKeysTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsWhatIsToldByEar()
    {
        const auto config = parseStationConfig(kSchema + "[sounds]\nfail = false\nvolume = 0\n", "s.toml");
        QVERIFY((config->sounds == SoundSettings{.fail = false, .attention = true, .volume = 0}));
    }

    void nobodyHasToSignInUnlessTheFileSaysSo()
    {
        QVERIFY(parseStationConfig(kSchema, "s.toml")->security == SecuritySettings{});
        const auto said = parseStationConfig(kSchema + "[security]\nrequire_sign_in = true\nlock_after_minutes = 480\n"
                                                       "[scanner]\npatterns = { operator = \"^B$\" }\n",
                                             "s.toml");
        QVERIFY2(said.ok(), said.ok() ? "" : said.error().what.c_str());
        QVERIFY((said->security == SecuritySettings{true, 480}));
        QCOMPARE(said->origins.at("security.lock_after_minutes"), std::string{"s.toml:4"});
        QVERIFY(parseStationConfig(kSchema + "[security]\nlock_after_minutes = 0\n", "s.toml").ok()); // never
    }

    void aFixtureMayHaveThirtyTwoSlots()
    {
        std::string text = kSchema;
        for (int slot = 1; slot <= kMostSlots; ++slot) {
            const auto port = std::to_string(2320 + slot);
            text += "[[slot]]\nnumber = " + std::to_string(slot) + "\ndevice = \"tcp://127.0.0.1:" + port + "\"\n";
        }
        QCOMPARE(parseStationConfig(text, "s.toml")->slots.size(), std::size_t{32});
    }

    void pairingIsNextSlotUnlessTheFileSaysOtherwise()
    {
        QVERIFY(parseStationConfig(kSchema, "s.toml")->pairing == enrollment::PairingRule::NextSlot);
        const auto said = parseStationConfig(kSchema + "[station]\npairing = \"insert\"\n", "s.toml");
        QVERIFY(said.ok() && said->pairing == enrollment::PairingRule::Insert);
        const auto byDevice = parseStationConfig(kSchema + "[station]\npairing = \"device-serial\"\n", "s.toml");
        QVERIFY(byDevice.ok() && byDevice->pairing == enrollment::PairingRule::DeviceSerial);
    }

    void aKeyStartsUnlessTheFileSaysOtherwise()
    {
        QVERIFY(parseStationConfig(kSchema, "s.toml")->start == enrollment::StartRule::Key);
        for (const auto& [word, rule] : enrollment::kStartWords) {
            const auto text = kSchema + "[station]\nstart = \"" + std::string{word} + "\"\n";
            const auto config = parseStationConfig(text, "s.toml");
            QVERIFY(config.ok() && config->start == rule);
        }
    }

    void theWidthOfTheScreenIsKnownIfSomebodyMeasuredIt()
    {
        QVERIFY(!parseStationConfig(kSchema, "s.toml")->screenWidthMillimetres);
        const auto said = parseStationConfig(kSchema + "[station]\nscreen_width_mm = 527.5\n", "s.toml");
        QVERIFY2(said.ok(), said.ok() ? "" : said.error().what.c_str());
        QCOMPARE(said->screenWidthMillimetres.value_or(0), 527.5);
    }
};

QTEST_APPLESS_MAIN(StationKeysTest)
#include "tst_station_keys.moc"
