#pragma once

#include <algorithm>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <umockdev.h>
#include <vector>

namespace enroll::test {

/// The USB ports of a machine, played by umockdev: what is plugged in is there in /sys for this program and its children alone, and
/// udev tells of it. A serial line is a terminal of the kernel's, as of SerialCable, which answers for itself. Needs
/// libumockdev-preload.so to be loaded.
/// \par Source   Linux, Documentation/ABI/stable/sysfs-bus-usb, drivers/usb/serial/bus.c (port_number)
class PlayedUsb {
public:
    /// Bus 1 with a root hub of nine ports, and nothing plugged in.
    PlayedUsb() : m_testbed(umockdev_testbed_new()), m_terminals(umockdev_ioctl_base_new())
    {
        g_signal_connect_data(m_terminals.get(), "handle-ioctl", reinterpret_cast<GCallback>(&askKernel), nullptr,
                              nullptr, GConnectFlags{});
        add(kBus, "usb", "usb_device", "A: maxchild=9\\n\n");
    }

    /// Plugs a hub of \p ports ports into \p port.
    void plugHub(const std::string& port, int ports) { begin(port, "A: maxchild=" + std::to_string(ports) + "\\n\n"); }

    /// Plugs a device into \p port, with a serial line at each of \p lines, of interface 0, 1 and so on. A hub before it comes first.
    void plug(const std::string& port, const std::vector<std::string>& lines, const std::string& more = {})
    {
        const auto device = begin(port, more);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto interface = addInterface(device, port, i);
            add(interface + "/tty/" + nameOf(lines[i]), "tty");
            giveNode(lines[i]);
        }
    }

    /// Plugs a device with one serial line into \p port, whose node udev calls \p node, which is any text.
    void plugNamed(const std::string& port, const std::string& node)
    {
        add(addInterface(begin(port), port, 0) + "/tty/ttyACM0", "tty");
        nameNode(node);
    }

    /// Plugs an adapter into \p port whose one interface has a serial line at each of \p lines, in their order.
    void plugAdapter(const std::string& port, const std::vector<std::string>& lines)
    {
        const auto interface = addInterface(begin(port), port, 0);
        for (std::size_t i = 0; i < lines.size(); ++i) {
            const auto end = interface + "/" + nameOf(lines[i]);
            add(end, "usb-serial", {}, "A: port_number=" + std::to_string(i) + "\\n\n");
            add(end + "/tty/" + nameOf(lines[i]), "tty");
            giveNode(lines[i]);
        }
    }

    /// Plugs an adapter with a TPM into \p port, whose node is \p node.
    void plugTpm(const std::string& port, const std::string& node)
    {
        add(begin(port) + "/tpmrm/" + nameOf(node), "tpmrm");
        giveNode(node);
    }

    /// Takes out what is plugged into \p port, and what is plugged in behind it.
    void unplug(const std::string& port)
    {
        const auto out = m_plugged.extract(port).mapped();
        while (!m_plugged.empty()) {
            const auto behind = m_plugged.lower_bound(port + ".");
            if (behind == m_plugged.end() || !behind->first.starts_with(port + ".")) {
                break;
            }
            unplug(std::string{behind->first});
        }
        umockdev_testbed_uevent(m_testbed.get(), ("/sys" + out.front()).c_str(), "remove");
        for (auto path = out.rbegin(); path != out.rend(); ++path) { // children first
            umockdev_testbed_remove_device(m_testbed.get(), ("/sys" + *path).c_str());
        }
    }

private:
    static constexpr auto kBus = "/devices/pci0000:00/0000:00:14.0/usb1";

    struct Unref {
        void operator()(void* object) const noexcept { g_object_unref(object); }
    };

    /// As the kernel names a node below a directory of /dev.
    static std::string nameOf(const std::string& node)
    {
        auto name = node.substr(std::string_view{"/dev/"}.size());
        std::ranges::replace(name, '/', '!');
        return name;
    }

    /// What umockdev would answer itself, with "no terminal".
    static gboolean askKernel(UMockdevIoctlBase* /*terminals*/, UMockdevIoctlClient* client, void* /*data*/)
    {
        int number = 0;
        const auto answer = umockdev_ioctl_client_execute(client, &number, nullptr);
        umockdev_ioctl_client_complete(client, answer, number);
        return TRUE;
    }

    /// The device in \p port, in the hub in which the port is.
    std::string pathOf(const std::string& port)
    {
        const auto hub = port.rfind('.');
        if (hub == std::string::npos) {
            return std::string{kBus} + "/" + port;
        }
        if (!m_plugged.contains(port.substr(0, hub))) {
            plugHub(port.substr(0, hub), 4);
        }
        return pathOf(port.substr(0, hub)) + "/" + port;
    }

    std::string begin(const std::string& port, const std::string& more = {})
    {
        auto device = pathOf(port);
        m_paths = &m_plugged[port];
        add(device, "usb", "usb_device",
            "A: devnum=" + std::to_string(++m_devices) + "\\n\n" +
                (more.find("maxchild") == std::string::npos ? "A: maxchild=0\\n\n" : "") + more);
        return device;
    }

    std::string addInterface(const std::string& device, const std::string& port, std::size_t number)
    {
        auto interface = device + "/" + port + ":1." + std::to_string(number);
        add(interface, "usb", "usb_interface", "A: bInterfaceNumber=0" + std::to_string(number) + "\\n\n");
        return interface;
    }

    /// \p more are further lines of umockdev's. udev tells of it.
    void add(const std::string& path, const std::string& subsystem, const std::string& type = {},
             const std::string& more = {})
    {
        const auto description = "P: " + path + "\nE: SUBSYSTEM=" + subsystem + "\n" +
                                 (type.empty() ? "" : "E: DEVTYPE=" + type + "\n") + more + "\n";
        if (umockdev_testbed_add_from_string(m_testbed.get(), description.c_str(), nullptr) == 0) {
            std::abort();
        }
        if (m_paths != nullptr) {
            m_paths->push_back(path);
        }
    }

    /// What was added last has its node at \p node, a terminal or nothing.
    void giveNode(const std::string& node)
    {
        umockdev_testbed_detach_ioctl(m_testbed.get(), node.c_str(), nullptr); // of a device before it
        umockdev_testbed_attach_ioctl(m_testbed.get(), node.c_str(), m_terminals.get(), nullptr);
        nameNode(node);
    }

    /// Told after the rest: of a node that it is told at once umockdev makes an empty file, which would hide a real one.
    void nameNode(const std::string& node)
    {
        const auto path = "/sys" + m_paths->back();
        umockdev_testbed_set_property(m_testbed.get(), path.c_str(), "DEVNAME", node.c_str());
        umockdev_testbed_uevent(m_testbed.get(), path.c_str(), "add");
    }

    std::unique_ptr<UMockdevTestbed, Unref> m_testbed;
    std::unique_ptr<UMockdevIoctlBase, Unref> m_terminals;
    std::map<std::string, std::vector<std::string>> m_plugged; ///< by port; paths in /sys, parents first
    int m_devices = 1;
    std::vector<std::string>* m_paths = nullptr; ///< of the device that is being plugged in
};

} // namespace enroll::test
