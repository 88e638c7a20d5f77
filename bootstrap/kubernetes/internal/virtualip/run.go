// Package virtualip keeps one address on exactly one machine of a control plane: on the one that holds a Lease in the cluster
// itself. It is a stand-in for kube-vip (ARP mode, leader election), takes the same settings from the environment, and is
// here because a node image made from nothing but the Go module proxy needs some program for that. IPv4 only.
package virtualip

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/leaderelection"
	"k8s.io/client-go/tools/leaderelection/resourcelock"
)

// Who asks for the address again after an error, and how often the holder says that it is there.
const (
	retryAfter    = 2 * time.Second
	announceEvery = 3 * time.Second
)

// Run holds the address whenever this machine is the leader, until SIGTERM or SIGINT. It never ends because of an API server
// that is not there (yet): whoever restarts it would only wait longer and longer.
func Run([]string) int {
	settings, err := settingsFrom(os.Getenv)
	if err != nil {
		return fail(err)
	}
	holder, err := newHolder(settings.address, settings.network)
	if err != nil {
		return fail(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	// One of an earlier life: it is another machine's until the Lease says so.
	holder.release()
	for ctx.Err() == nil {
		if err := compete(ctx, settings, holder); err != nil {
			fmt.Fprintf(os.Stderr, "virtual-ip: %v; again in %v\n", err, retryAfter)
		}
		select {
		case <-ctx.Done():
		case <-time.After(retryAfter):
		}
	}
	return 0
}

// compete takes part in one election, and returns when it has lost what it had won.
func compete(ctx context.Context, settings settings, holder *holder) error {
	client, err := localClient(settings)
	if err != nil {
		return err
	}
	name, err := os.Hostname()
	if err != nil {
		return err
	}
	elector, err := leaderelection.NewLeaderElector(leaderelection.LeaderElectionConfig{
		Lock: &resourcelock.LeaseLock{
			LeaseMeta:  metav1.ObjectMeta{Namespace: settings.namespace, Name: settings.lease},
			Client:     client.CoordinationV1(),
			LockConfig: resourcelock.ResourceLockConfig{Identity: name},
		},
		LeaseDuration: settings.leaseDuration,
		RenewDeadline: settings.renewDeadline,
		RetryPeriod:   settings.retryPeriod,
		// Somebody else has the address a moment after we go.
		ReleaseOnCancel: true,
		Callbacks: leaderelection.LeaderCallbacks{
			OnStartedLeading: func(ctx context.Context) { hold(ctx, holder) },
			OnStoppedLeading: holder.release,
			OnNewLeader: func(identity string) {
				fmt.Printf("virtual-ip: %s is at %s\n", settings.address, identity)
			},
		},
	})
	if err != nil {
		return err
	}
	elector.Run(ctx)
	return nil
}

func hold(ctx context.Context, holder *holder) {
	for ctx.Err() == nil {
		if err := holder.take(ctx); err != nil {
			fmt.Fprintf(os.Stderr, "virtual-ip: %v\n", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(announceEvery):
		}
	}
}

// localClient talks to the API server of this machine: the virtual address leads nowhere before somebody holds it. The
// certificate names no loopback address, but `kubernetes`.
func localClient(settings settings) (*kubernetes.Clientset, error) {
	config, err := clientcmd.BuildConfigFromFlags("", settings.kubeconfig)
	if err != nil {
		return nil, err
	}
	config.Host = fmt.Sprintf("https://127.0.0.1:%d", settings.port)
	config.TLSClientConfig.ServerName = "kubernetes"
	config.Timeout = settings.renewDeadline / 2
	return kubernetes.NewForConfig(rest.AddUserAgent(config, "virtual-ip"))
}

func fail(err error) int {
	fmt.Fprintf(os.Stderr, "virtual-ip: %v\n", err)
	return 1
}
