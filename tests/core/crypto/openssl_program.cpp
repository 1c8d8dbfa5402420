#include "tests/core/crypto/openssl_program.h"

#include "tests/support/bound_process.h"

#include <QRegularExpression>
#include <QTemporaryDir>

#include <openssl/pem.h>

namespace enroll::test {
namespace {

using namespace crypto;

/// Writes PEM into files of a folder that goes with the object.
class PemFolder {
public:
    /// One file of all of \p items, each of which has der(); its path.
    template <class Items>
    QString write(const QString& name, const char* label, const Items& items) const
    {
        auto path = m_folder.filePath(name);
        const std::unique_ptr<FILE, int (*)(FILE*)> file{std::fopen(path.toLocal8Bit().constData(), "wb"),
                                                         &std::fclose};
        for (const auto& item : items) {
            const auto& der = item.der();
            const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
            if (!file || PEM_write(file.get(), label, "", bytes, static_cast<long>(der.size())) == 0) {
                qFatal("cannot write %s", qPrintable(path));
            }
        }
        return path;
    }

private:
    QTemporaryDir m_folder;
};

ProgramVerdict ran(const QStringList& arguments)
{
    constexpr int kDeadlineMs = 30'000;
    BoundProcess program;
    program.setProcessChannelMode(QProcess::MergedChannels);
    program.start(QStringLiteral("openssl"), arguments);
    ProgramVerdict verdict;
    const bool ended = program.waitForFinished(kDeadlineMs) && program.exitStatus() == QProcess::NormalExit;
    verdict.output = ended ? program.readAll() : program.errorString().toUtf8();
    verdict.exitCode = ended ? program.exitCode() : -1;
    static const QRegularExpression kError{QStringLiteral("^error (\\d+) at "), QRegularExpression::MultilineOption};
    if (const auto named = kError.match(QString::fromUtf8(verdict.output)); named.hasMatch()) {
        verdict.error = named.captured(1).toInt();
    }
    return verdict;
}

} // namespace

ProgramVerdict verifiedByProgram(const MakerHierarchy& made)
{
    const PemFolder folder;
    const auto store = made.store();
    std::vector<Certificate> anchors;
    std::vector<Certificate> others;
    for (const auto& one : store.certificates()) {
        (store.roleOf(one) == TrustRole::Anchor ? anchors : others).push_back(one);
    }
    const auto helpers = made.helpers();
    others.insert(others.end(), helpers.begin(), helpers.end());

    const auto seconds = std::chrono::floor<std::chrono::seconds>(kNow).time_since_epoch().count();
    QStringList arguments{QStringLiteral("verify"),      QStringLiteral("-no-CApath"), QStringLiteral("-no-CAstore"),
                          QStringLiteral("-auth_level"), QStringLiteral("0"),          QStringLiteral("-attime"),
                          QString::number(seconds)};
    const auto add = [&](const char* option, const char* label, const auto& items) {
        const auto name = QString::fromLatin1(option);
        arguments << name << folder.write(name.mid(1), label, items);
    };
    if (anchors.empty()) {
        arguments << QStringLiteral("-no-CAfile");
    } else {
        add("-CAfile", PEM_STRING_X509, anchors);
    }
    if (!others.empty()) {
        add("-untrusted", PEM_STRING_X509, others);
    }
    if (!store.revocationLists().empty()) {
        add("-CRLfile", PEM_STRING_X509_CRL, store.revocationLists());
        arguments << QStringLiteral("-crl_check") << QStringLiteral("-crl_check_all");
    }
    if (store.hasPartialAnchors()) {
        arguments << QStringLiteral("-partial_chain");
    }
    return ran(arguments << folder.write(QStringLiteral("leaf"), PEM_STRING_X509, std::vector{made.leafCertificate()}));
}

} // namespace enroll::test
