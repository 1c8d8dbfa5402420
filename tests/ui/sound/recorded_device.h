#pragma once

#include "tests/support/must.h"
#include "ui/sound/tones.h"

#include <QFile>
#include <QTemporaryDir>

namespace enroll::test {

/// While it lives, what this process plays on the default device is written to a file. To be made before the first sound: ALSA
/// reads its configuration once.
class RecordedDevice {
public:
    RecordedDevice()
    {
        QFile rules(m_root.filePath(QStringLiteral("asound.conf")));
        if (!rules.open(QIODevice::WriteOnly)) {
            qFatal("cannot write a test file");
        }
        rules.write("pcm.!default { type file format raw file \"" + QFile::encodeName(played()) +
                    "\" slave.pcm { type null } }\n");
        qputenv("ALSA_CONFIG_PATH", QFile::encodeName(rules.fileName()));
    }
    ~RecordedDevice() { qunsetenv("ALSA_CONFIG_PATH"); }
    RecordedDevice(const RecordedDevice&) = delete;
    RecordedDevice& operator=(const RecordedDevice&) = delete;

    /// True if the last sound was \p sound, whole and nothing behind it.
    [[nodiscard]] bool heard(ui::sound::Sound sound, int volume) const
    {
        QFile file(played());
        return file.open(QIODevice::ReadOnly) && file.readAll() == bytesOf(sound, volume);
    }
    [[nodiscard]] bool silent() const { return QFile(played()).size() == 0; }
    void forget() const { QFile::remove(played()); }

private:
    static QByteArray bytesOf(ui::sound::Sound sound, int volume)
    {
        const auto samples = ui::sound::samplesOf(sound, volume);
        return {reinterpret_cast<const char*>(samples.data()),
                static_cast<qsizetype>(samples.size() * sizeof samples.front())};
    }
    [[nodiscard]] QString played() const { return m_root.filePath(QStringLiteral("played.raw")); }

    QTemporaryDir m_root;
};

} // namespace enroll::test
