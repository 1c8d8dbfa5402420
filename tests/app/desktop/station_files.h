#pragma once

#include "app/desktop/station_application.h"
#include "db/trust/import_plan.h"
#include "tests/support/must.h"
#include "tests/support/swtpm_fixture.h"

#include <QLineEdit>
#include <QTemporaryDir>
#include <QTest>

#include <fstream>

namespace enroll::test {

/// A station's files: configuration, data directory, trust anchors.
struct StationFiles {
    [[nodiscard]] std::filesystem::path file(const char* name) const
    {
        return std::filesystem::path{root.path().toStdString()} / name;
    }

    /// Writes the configuration of slots with these \p devices.
    void configure(const std::vector<std::string>& devices, const std::string& more = {}) const
    {
        std::ofstream out(file("station.toml"));
        out << "schema = 1\n[station]\nid = \"ST-07\"\ndata_dir = \"" << file("data").string() << "\"\n";
        for (std::size_t i = 0; i < devices.size(); ++i) {
            out << "[[slot]]\nnumber = " << i + 1 << "\ndevice = \"" << devices[i] << "\"\n";
        }
        out << more;
    }
    [[nodiscard]] config::ConfigSources sources() const
    {
        return {file("station.toml"), std::nullopt, std::filesystem::path{"demo"}};
    }
    [[nodiscard]] config::ConfigSources sources(const std::vector<std::string>& devices,
                                                const std::string& more = {}) const
    {
        configure(devices, more);
        return sources();
    }

    void trust(const std::filesystem::path& certificates) const
    {
        for (const auto& authority : must(db::trust::readTrustSource(certificates)).certificates) {
            trust(std::span{&authority.certificate, 1});
        }
    }
    /// Each in the role that it has by itself.
    void trust(std::span<const crypto::Certificate> authorities) const
    {
        for (const auto& authority : authorities) {
            const auto stored = db::trust::storeAuthority(file("data") / "trust", "demo", authority,
                                                          {"test", utcNow(), crypto::ownRoleOf(authority)});
            QVERIFY(stored.ok());
        }
    }
    void trust(const SwtpmFixture& tpm) const
    {
        for (const auto& certificates : tpm.caCertificates()) {
            trust(certificates);
        }
    }

    /// An authority that vouches for none of these devices: without any, the station is not ready.
    void trustSomebody() const
    {
        const auto source = must(db::trust::readTrustSource(ENROLL_TEST_DATA "/certificates/swtpm-root.pem"));
        trust(std::span{&source.certificates.front().certificate, 1});
    }

    QTemporaryDir root;
};

inline void typeSerial(ui::MainWindow& window, const QString& serial)
{
    auto* entry = window.findChild<QLineEdit*>(QStringLiteral("serialEntry"));
    entry->selectAll();
    QTest::keyClicks(entry, serial);
    QTest::keyClick(entry, Qt::Key_Return);
}

inline const ui::TileContent& tileOf(app::desktop::StationApplication& station, int slot)
{
    return station.runScreen().grid().tile({slot})->content();
}

} // namespace enroll::test
