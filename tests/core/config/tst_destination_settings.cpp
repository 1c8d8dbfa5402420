#include "core/config/station_config.h"

#include <QTest>

using namespace enroll;
using namespace enroll::config;

class tst_destination_settings : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aDestinationWithoutAKindIsTheFirstKind()
    {
        const auto config = parseStationConfig("schema = 1\n[[destination]]\nname = \"c\"\n"
                                               "connection_string_file = \"cs\"\nmax_operations_per_minute = 60\n",
                                               "/srv/s.toml");
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        QVERIFY(config->destinations.front().settings == DestinationSettings(DpsSettings{"/srv/cs", {}, 60}));
    }

    /// What is shown can be written into a file again, and means the same there.
    void theValuesOfAKindAreThoseOfItsFile()
    {
        const DestinationSettings settings = DpsSettings{"/srv/cs", "/srv/ca.pem", 60};
        std::string text =
            "schema = 1\n[[destination]]\nname = \"c\"\nkind = \"" + std::string{kindOf(settings)} + "\"\n";
        for (const auto& [key, value] : valuesOf(settings)) {
            const bool isNumber = value.find_first_not_of("0123456789") == std::string::npos;
            text += key + " = " + (isNumber ? value : "\"" + value + "\"") + "\n";
        }
        const auto config = parseStationConfig(text, "/s.toml");
        QVERIFY2(config.ok(), config.ok() ? "" : config.error().what.c_str());
        QVERIFY(config->destinations.front().settings == settings);
    }
};

QTEST_GUILESS_MAIN(tst_destination_settings)
#include "tst_destination_settings.moc"
