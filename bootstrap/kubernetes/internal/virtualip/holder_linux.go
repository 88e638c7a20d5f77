package virtualip

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"

	"github.com/vishvananda/netlink"
	"golang.org/x/sys/unix"
)

// holder puts the address on an interface of this machine, and takes it away.
type holder struct {
	address netip.Addr
	link    netlink.Link
	onLink  *netlink.Addr
	// The election says "no more" on another goroutine than the one that takes the address again and again.
	mutex sync.Mutex
}

// newHolder chooses the interface: the named one, else the one in whose network the address lies, else that of the default route.
func newHolder(address netip.Addr, name string) (*holder, error) {
	link, err := findLink(address, name)
	if err != nil {
		return nil, err
	}
	network := &net.IPNet{IP: address.AsSlice(), Mask: net.CIDRMask(32, 32)}
	return &holder{address: address, link: link, onLink: &netlink.Addr{IPNet: network}}, nil
}

func findLink(address netip.Addr, name string) (netlink.Link, error) {
	if name != "" {
		return netlink.LinkByName(name)
	}
	addresses, err := netlink.AddrList(nil, netlink.FAMILY_V4)
	if err != nil {
		return nil, err
	}
	for _, each := range addresses {
		if ones, _ := each.Mask.Size(); ones < 32 && each.Contains(address.AsSlice()) {
			return netlink.LinkByIndex(each.LinkIndex)
		}
	}
	routes, err := netlink.RouteList(nil, netlink.FAMILY_V4)
	if err != nil {
		return nil, err
	}
	for _, route := range routes {
		if route.Dst == nil || route.Dst.IP.IsUnspecified() {
			return netlink.LinkByIndex(route.LinkIndex)
		}
	}
	return nil, fmt.Errorf("no interface has a network with %s, and there is no default route; name one in vip_interface", address)
}

// take makes sure that the address is here as long as ctx lives, and tells the neighbours.
func (h *holder) take(ctx context.Context) error {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	if ctx.Err() != nil {
		return nil
	}
	if err := netlink.AddrReplace(h.link, h.onLink); err != nil {
		return fmt.Errorf("cannot put %s on %s: %w", h.address, h.link.Attrs().Name, err)
	}
	return h.announce()
}

func (h *holder) release() {
	h.mutex.Lock()
	defer h.mutex.Unlock()
	err := netlink.AddrDel(h.link, h.onLink)
	if err != nil && !errors.Is(err, unix.EADDRNOTAVAIL) {
		fmt.Printf("virtual-ip: cannot take %s from %s: %v\n", h.address, h.link.Attrs().Name, err)
	}
}

// announce sends an ARP request of the address for itself (RFC 5227, section 3), which all neighbours learn from.
func (h *holder) announce() error {
	const arp = unix.ETH_P_ARP>>8 | unix.ETH_P_ARP&0xff<<8
	socket, err := unix.Socket(unix.AF_PACKET, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, arp)
	if err != nil {
		return fmt.Errorf("cannot announce %s: %w", h.address, err)
	}
	defer unix.Close(socket)
	to := &unix.SockaddrLinklayer{Protocol: arp, Ifindex: h.link.Attrs().Index, Halen: 6}
	copy(to.Addr[:], []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	return unix.Sendto(socket, announcement(h.link.Attrs().HardwareAddr, h.address), 0, to)
}
