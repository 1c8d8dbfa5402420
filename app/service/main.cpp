#include "app/arguments/strict_parse.h"
#include "app/service/service_application.h"
#include "core/base/station_code.h"
#include "core/base/text.h"
#include "core/base/without_exceptions.h"
#include "core/system/base_directories.h"
#include "core/system/write_signals.h"

#include <QCoreApplication>
#include <QStandardPaths>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

#include <iostream>
#include <sys/stat.h>

namespace {

constexpr int kUsageInvalid = 2;
constexpr int kServiceFault = 12;

void describeOptions(CLI::App& app, enroll::app::service::ServiceOptions& options)
{
    app.set_version_flag("--version", std::string{ENROLL_VERSION});
    app.add_option("--listen", options.listen, "HOST:PORT to listen on; port 0 takes a free one")
        ->capture_default_str();
    app.add_option("--data", options.data, "directory of the service's files; made if it is not there")
        ->check(enroll::pathFault)
        ->capture_default_str();
    app.add_option("--id-scope", options.idScope, "ID scope the devices use")->capture_default_str();
    app.add_option("--hub", options.hubs, "linked IoT hub, for enrollments that name none; may be repeated");
    auto* certificate =
        app.add_option("--tls-cert", options.tlsCertificate, "TLS certificate chain, PEM")->check(enroll::pathFault);
    app.add_option("--tls-key", options.tlsKey, "private key of the TLS certificate, PEM, without a passphrase")
        ->check(enroll::pathFault)
        ->needs(certificate);
    certificate->needs("--tls-key");
    app.add_flag("--init", options.initOnly, "make the files in the data directory and exit");
}

std::filesystem::path defaultDataDirectory()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation).toStdString();
}

} // namespace

int main(int argc, char** argv)
{
    // Every file is for its owner alone; and a write to a closed connection or past a file's size limit must fail as a
    // write and not end the process.
    ::umask(S_IRWXG | S_IRWXO);
    enroll::system::ignoreSignalsOfWrites();
    enroll::system::forgetRelativeBaseDirectories(); // before Qt reads them
    const QCoreApplication application{argc, argv};
    QCoreApplication::setApplicationName(QStringLiteral("enroll-service"));

    enroll::app::service::ServiceOptions options;
    options.data = defaultDataDirectory();
    CLI::App app{"Provisioning service for devices with a TPM 2.0, speaking the DPS REST protocol", "enroll-service"};
    describeOptions(app, options);
    if (const auto ended = enroll::app::arguments::parseOrEnd(app, std::vector<std::string>{argv + 1, argv + argc})) {
        return *ended;
    }
    const auto outcome =
        enroll::withoutExceptions<void>("main thread", [&] { return enroll::app::service::runService(options); });
    if (!outcome.ok()) {
        std::cerr << enroll::describeForLog(outcome.error()) << '\n'
                  << enroll::describe(outcome.error().code).instruction << std::endl;
        return outcome.error().code == enroll::StationCode::UsageInvalid ? kUsageInvalid : kServiceFault;
    }
    return 0;
}
