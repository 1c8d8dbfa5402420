#include "tests/support/swtpm_fixture.h"

#include "core/crypto/certificate.h"
#include "core/system/whole_file.h"
#include "tests/support/must.h"

#include <QProcess>
#include <QTemporaryDir>

#include <atomic>

namespace enroll::test {
namespace {

namespace fs = std::filesystem;

constexpr int kToolTimeoutMs = 30'000;

/// One directory per test process: the authority and every TPM below it.
const fs::path& processDirectory()
{
    static const QTemporaryDir directory;
    static const fs::path path = directory.path().toStdString();
    return path;
}

fs::path newTpmDirectory()
{
    static std::atomic<int> count{0};
    return processDirectory() / ("tpm-" + std::to_string(++count));
}

std::unique_ptr<app::software_tpm::SoftwareTpm> startOrDie(const app::software_tpm::SoftwareTpmOptions& options)
{
    auto tpm = app::software_tpm::SoftwareTpm::start(options);
    if (!tpm) {
        qFatal("no software TPM for the test: %s", describeForLog(tpm.error()).c_str());
    }
    return std::make_unique<app::software_tpm::SoftwareTpm>(std::move(tpm).value());
}

} // namespace

SwtpmFixture::SwtpmFixture(const std::string& authority)
    : m_options{.directory = newTpmDirectory(), .authorityDirectory = processDirectory() / authority},
      m_tpm(startOrDie(m_options))
{}

crypto::TrustStore SwtpmFixture::anchors() const
{
    constexpr std::size_t kMostBytes = 64UL * 1024;
    crypto::TrustStore store;
    for (const auto& file : caCertificates()) {
        for (const auto& certificate :
             must(crypto::certificatesFromFile(must(system::readWholeFile(file, kMostBytes))))) {
            must(store.add(certificate));
        }
    }
    return store;
}

ToolOutput SwtpmFixture::tool(const std::vector<std::string>& command) const
{
    QProcess process;
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert(QStringLiteral("TPM2TOOLS_TCTI"), QString::fromStdString(tctiConf()));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(QString::fromStdString(m_options.directory.string()));
    QStringList arguments;
    for (std::size_t i = 1; i < command.size(); ++i) {
        arguments << QString::fromStdString(command[i]);
    }
    process.start(QString::fromStdString(command.front()), arguments);
    if (!process.waitForFinished(kToolTimeoutMs)) {
        return {-1, {}, command.front() + " did not end"};
    }
    return {process.exitCode(), process.readAllStandardOutput().toStdString(),
            process.readAllStandardError().toStdString()};
}

std::string SwtpmFixture::loadedHandles() const
{
    std::string all;
    for (const auto* what : {"handles-transient", "handles-loaded-session", "handles-saved-session"}) {
        const auto output = tool({"tpm2_getcap", what});
        all += output.exitCode == 0 ? output.standardOutput : "tpm2_getcap failed: " + output.standardError;
    }
    return all;
}

std::string SwtpmFixture::persistentHandles() const
{
    return tool({"tpm2_getcap", "handles-persistent"}).standardOutput;
}

void SwtpmFixture::evict(const std::string& handle) const
{
    const auto output = tool({"tpm2_evictcontrol", "-C", "o", "-c", handle});
    if (output.exitCode != 0) {
        qFatal("cannot evict %s: %s", handle.c_str(), output.standardError.c_str());
    }
}

void SwtpmFixture::restart()
{
    m_tpm->stop();
    m_tpm = startOrDie(m_options);
}

} // namespace enroll::test
